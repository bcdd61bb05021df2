DROP INDEX `contacts_site`;--> statement-breakpoint
CREATE INDEX `contacts_set_aside` ON `contacts` (`network_id`,`name_key`,`id`) WHERE not is_active;--> statement-breakpoint
CREATE INDEX `contacts_site` ON `contacts` (`network_id`,`site_id`,`name_key`,`id`);--> statement-breakpoint
DROP INDEX `sites_by_city`;--> statement-breakpoint
ALTER TABLE `sites` ADD `city_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `sites_by_mailbox` ON `sites` (`network_id`,`mailbox_address_id`);--> statement-breakpoint
CREATE INDEX `sites_by_letterbox` ON `sites` (`network_id`,`postal_address_id`);--> statement-breakpoint
CREATE INDEX `sites_by_city` ON `sites` (`network_id`,`city_key`,`id`);--> statement-breakpoint
CREATE INDEX `addresses_shared` ON `addresses` (`network_id`,`id`) WHERE is_shared and kind = 'email';