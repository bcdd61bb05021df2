CREATE TABLE `silence_asks` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`asked_at` integer NOT NULL,
	`erase_at` integer NOT NULL,
	`outcome` text,
	`ended_at` integer,
	`asked_by` text NOT NULL,
	PRIMARY KEY(`network_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `silence_asks_due` ON `silence_asks` (`network_id`,`outcome`,`erase_at`);--> statement-breakpoint
CREATE TABLE `site_engagements` (
	`network_id` text NOT NULL,
	`site_id` text NOT NULL,
	`profile` text NOT NULL,
	`channel` text NOT NULL,
	`s` real NOT NULL,
	`n` real NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `site_id`, `profile`, `channel`),
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `exposures` ADD `site_id` text;--> statement-breakpoint
CREATE INDEX `exposures_site` ON `exposures` (`network_id`,`site_id`);--> statement-breakpoint
UPDATE `exposures` SET `site_id` = (SELECT `contacts`.`site_id` FROM `contacts` WHERE `contacts`.`network_id` = `exposures`.`network_id` AND `contacts`.`id` = `exposures`.`contact_id`);
