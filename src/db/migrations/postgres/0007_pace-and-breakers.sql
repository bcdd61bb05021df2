CREATE TABLE "breakers" (
	"account" text NOT NULL,
	"channel" text NOT NULL,
	"provider" text NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"reason" text NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"retry_at" timestamp (3) with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "breakers_account_channel_provider_pk" PRIMARY KEY("account","channel","provider")
);
--> statement-breakpoint
ALTER TABLE "senders" ADD COLUMN "rate_per_second" double precision;--> statement-breakpoint
CREATE INDEX "deliveries_queued" ON "deliveries" USING btree ("network_id","channel","sender_id","priority","due_at") WHERE status = 'queued';