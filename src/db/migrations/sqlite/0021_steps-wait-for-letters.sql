ALTER TABLE `step_runs` ADD `awaiting` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `step_runs` ADD `is_released` integer DEFAULT false NOT NULL;