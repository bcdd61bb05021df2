CREATE TABLE `holdouts` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`site_id` text NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `site_id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
