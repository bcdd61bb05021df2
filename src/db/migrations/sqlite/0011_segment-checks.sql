CREATE TABLE `segment_checks` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`due_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `segment_checks_due` ON `segment_checks` (`network_id`,`due_at`,`contact_id`);--> statement-breakpoint
ALTER TABLE `step_runs` ADD `segments` text;