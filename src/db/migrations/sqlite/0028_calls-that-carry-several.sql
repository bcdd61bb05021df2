CREATE TABLE `open_calls` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`members` text NOT NULL,
	`started_at` integer NOT NULL,
	`taken_at` integer,
	`provider_ref` text,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE no action
);
