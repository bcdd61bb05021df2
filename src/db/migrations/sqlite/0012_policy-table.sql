CREATE TABLE `policy_cases` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`definition` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `policy_drafts` (
	`network_id` text NOT NULL,
	`user_id` text NOT NULL,
	`table` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `user_id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `policies` ADD `note` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `policies` ADD `restored_from` integer;