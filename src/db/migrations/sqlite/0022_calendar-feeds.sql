CREATE TABLE `calendar_feeds` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text,
	`user_id` text NOT NULL,
	`language` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`read_at` integer,
	`revoked_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendar_feeds_token` ON `calendar_feeds` (`token_hash`);