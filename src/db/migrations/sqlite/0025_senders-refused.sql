ALTER TABLE `senders` ADD `refused_at` integer;--> statement-breakpoint
ALTER TABLE `senders` ADD `refused_for` text;