CREATE TABLE `articles` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`topic` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`author` text NOT NULL,
	`published_by` text NOT NULL,
	`published_at` integer NOT NULL,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `articles_published` ON `articles` (`network_id`,`published_at`,`id`);--> statement-breakpoint
DROP INDEX `arrivals_next`;