CREATE TABLE `campaign_words` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`step` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`template` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `step`, `channel`, `language`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
DROP INDEX `challenge_results_reference`;--> statement-breakpoint
ALTER TABLE `challenge_results` ADD `reference_key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `challenge_results_reference` ON `challenge_results` (`network_id`,`challenge_id`,`reference_key`);