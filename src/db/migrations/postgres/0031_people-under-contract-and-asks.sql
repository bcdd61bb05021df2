ALTER TABLE "silence_asks" ADD COLUMN "message_id" text;--> statement-breakpoint
ALTER TABLE "silence_asks" ADD COLUMN "round" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "has_contract" boolean DEFAULT false NOT NULL;