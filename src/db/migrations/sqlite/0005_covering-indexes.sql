DROP INDEX `contact_addresses_address`;--> statement-breakpoint
CREATE INDEX `contact_addresses_address` ON `contact_addresses` (`network_id`,`address_id`,`contact_id`);--> statement-breakpoint
DROP INDEX `delivery_members_contact`;--> statement-breakpoint
CREATE INDEX `delivery_members_contact` ON `delivery_members` (`network_id`,`contact_id`,`delivery_id`);--> statement-breakpoint
DROP INDEX `segment_members_contact`;--> statement-breakpoint
CREATE INDEX `segment_members_contact` ON `segment_members` (`network_id`,`contact_id`,`segment_id`);