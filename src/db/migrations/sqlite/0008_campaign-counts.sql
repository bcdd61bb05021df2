CREATE TABLE `campaign_counts` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`channel` text NOT NULL,
	`shard` integer NOT NULL,
	`sent` integer DEFAULT 0 NOT NULL,
	`bounced` integer DEFAULT 0 NOT NULL,
	`complained` integer DEFAULT 0 NOT NULL,
	`filtered` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `channel`, `shard`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `campaigns` ADD `status_figures` text;--> statement-breakpoint
CREATE INDEX `inbound_events_heard` ON `inbound_events` (`source`,`received_at`);