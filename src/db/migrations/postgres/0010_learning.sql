ALTER TABLE "campaigns" ADD COLUMN "holdout" jsonb;--> statement-breakpoint
ALTER TABLE "group_engagements" ADD COLUMN "kappa" double precision;--> statement-breakpoint
ALTER TABLE "group_engagements" ADD COLUMN "kappa_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "is_explored" boolean DEFAULT false NOT NULL;