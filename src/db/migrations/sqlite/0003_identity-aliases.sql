CREATE TABLE `identity_aliases` (
	`network_id` text NOT NULL,
	`identity_key` text NOT NULL,
	`contact_id` text NOT NULL,
	`former_id` text NOT NULL,
	`merged_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `identity_key`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `identity_aliases_contact` ON `identity_aliases` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `identity_aliases_former` ON `identity_aliases` (`network_id`,`former_id`);