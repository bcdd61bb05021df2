ALTER TABLE `silence_asks` ADD `message_id` text;--> statement-breakpoint
ALTER TABLE `silence_asks` ADD `round` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `has_contract` integer DEFAULT false NOT NULL;