ALTER TABLE `campaign_changes` ADD `agreed` text;--> statement-breakpoint
ALTER TABLE `campaign_changes` ADD `agreed_round` integer DEFAULT 0 NOT NULL;