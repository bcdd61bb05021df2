CREATE TABLE `conversation_messages` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`direction` text NOT NULL,
	`text` text NOT NULL,
	`subject` text,
	`at` integer NOT NULL,
	`author_id` text,
	`delivery_id` text,
	`inbound_event_id` text,
	`handled_as` text,
	`details` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`conversation_id`) REFERENCES `conversations`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversation_messages_once` ON `conversation_messages` (`network_id`,`dedupe_key`);--> statement-breakpoint
CREATE INDEX `conversation_messages_thread` ON `conversation_messages` (`network_id`,`conversation_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `conversation_messages_delivery` ON `conversation_messages` (`network_id`,`delivery_id`);--> statement-breakpoint
CREATE TABLE `conversations` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`channel` text NOT NULL,
	`address` text NOT NULL,
	`address_id` text,
	`contact_id` text,
	`site_id` text,
	`sender_id` text,
	`status` text NOT NULL,
	`assigned_to` text,
	`unread` integer DEFAULT 0 NOT NULL,
	`excerpt` text DEFAULT '' NOT NULL,
	`last_direction` text NOT NULL,
	`last_at` integer NOT NULL,
	`delivery_id` text,
	`campaign_id` text,
	`closed_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assigned_to`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_once` ON `conversations` (`network_id`,`channel`,`address`);--> statement-breakpoint
CREATE INDEX `conversations_by_date` ON `conversations` (`network_id`,`status`,`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_assigned` ON `conversations` (`network_id`,`assigned_to`,`status`,`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_contact` ON `conversations` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `conversations_campaign` ON `conversations` (`network_id`,`campaign_id`,`last_at`,`id`);--> statement-breakpoint
CREATE INDEX `conversations_unread` ON `conversations` (`network_id`,`site_id`) WHERE unread > 0;--> statement-breakpoint
CREATE TABLE `saved_answers` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`text` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saved_answers_name` ON `saved_answers` (`network_id`,`name`);