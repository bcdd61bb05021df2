ALTER TABLE "step_runs" ADD COLUMN "awaiting" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "step_runs" ADD COLUMN "is_released" boolean DEFAULT false NOT NULL;