CREATE TABLE `breakers` (
	`account` text NOT NULL,
	`channel` text NOT NULL,
	`provider` text NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`reason` text NOT NULL,
	`opened_at` integer,
	`retry_at` integer,
	`tries` integer DEFAULT 0 NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`account`, `channel`, `provider`)
);
--> statement-breakpoint
ALTER TABLE `senders` ADD `rate_per_second` real;--> statement-breakpoint
CREATE INDEX `deliveries_queued` ON `deliveries` (`network_id`,`channel`,`sender_id`,`priority`,`due_at`) WHERE status = 'queued';