ALTER TABLE `campaigns` ADD `holdout` text;--> statement-breakpoint
ALTER TABLE `group_engagements` ADD `kappa` real;--> statement-breakpoint
ALTER TABLE `group_engagements` ADD `kappa_at` integer;--> statement-breakpoint
ALTER TABLE `decisions` ADD `is_explored` integer DEFAULT false NOT NULL;