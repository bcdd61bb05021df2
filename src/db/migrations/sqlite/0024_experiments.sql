CREATE TABLE `experiments` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`step` text NOT NULL,
	`audience` integer NOT NULL,
	`share_millionths` integer NOT NULL,
	`created_at` integer NOT NULL,
	`decided_at` integer,
	`winner` text,
	`figures` text,
	PRIMARY KEY(`network_id`, `campaign_id`, `step`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
