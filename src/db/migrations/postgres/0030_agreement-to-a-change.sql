ALTER TABLE "campaign_changes" ADD COLUMN "agreed" jsonb;--> statement-breakpoint
ALTER TABLE "campaign_changes" ADD COLUMN "agreed_round" integer DEFAULT 0 NOT NULL;