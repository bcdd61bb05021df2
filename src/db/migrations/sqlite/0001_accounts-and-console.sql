CREATE TABLE `invitations` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`scope` text NOT NULL,
	`language` text NOT NULL,
	`token_hash` text NOT NULL,
	`invited_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`public_key` text NOT NULL,
	`user_id` text NOT NULL,
	`credential_id` text NOT NULL,
	`counter` integer NOT NULL,
	`device_type` text NOT NULL,
	`backed_up` integer NOT NULL,
	`transports` text,
	`aaguid` text,
	`created_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `passkeys_user` ON `passkeys` (`user_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `passkeys_credential` ON `passkeys` (`credential_id`);--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`count` integer NOT NULL,
	`last_request` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rate_limits_key` ON `rate_limits` (`key`);--> statement-breakpoint
CREATE TABLE `two_factors` (
	`id` text PRIMARY KEY NOT NULL,
	`secret` text NOT NULL,
	`backup_codes` text NOT NULL,
	`user_id` text NOT NULL,
	`verified` integer DEFAULT true,
	`failed_verification_count` integer DEFAULT 0,
	`locked_until` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `two_factors_user` ON `two_factors` (`user_id`);--> statement-breakpoint
CREATE INDEX `two_factors_secret` ON `two_factors` (`secret`);--> statement-breakpoint
CREATE TABLE `templates` (
	`network_id` text NOT NULL,
	`template` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`source` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `template`, `channel`, `language`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `brands` (
	`network_id` text NOT NULL,
	`site_id` text DEFAULT '' NOT NULL,
	`brand` text NOT NULL,
	`logo_file_id` text,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `site_id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `files` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`mime` text NOT NULL,
	`size` integer NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	`hash` text NOT NULL,
	`alt` text NOT NULL,
	`bytes` blob NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `files_once` ON `files` (`network_id`,`hash`);--> statement-breakpoint
CREATE INDEX `files_by_date` ON `files` (`network_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `notifications` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`params` text NOT NULL,
	`href` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`created_at` integer NOT NULL,
	`read_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_once` ON `notifications` (`network_id`,`user_id`,`dedupe_key`);--> statement-breakpoint
CREATE INDEX `notifications_of_user` ON `notifications` (`user_id`,`read_at`,`created_at`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`provider` text NOT NULL,
	`name` text NOT NULL,
	`key_id` text NOT NULL,
	`sealed` blob NOT NULL,
	`hints` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `secrets_name` ON `secrets` (`network_id`,`provider`,`name`);--> statement-breakpoint
CREATE TABLE `duplicates` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`other_id` text NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`found_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	PRIMARY KEY(`network_id`, `contact_id`, `other_id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`other_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `duplicates_status` ON `duplicates` (`network_id`,`status`,`contact_id`);--> statement-breakpoint
ALTER TABLE `api_keys` ADD `ending` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `created_by` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `two_factor_enabled` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `disabled_at` integer;--> statement-breakpoint
ALTER TABLE `campaigns` ADD `owner_id` text;--> statement-breakpoint
CREATE INDEX `campaigns_by_date` ON `campaigns` (`network_id`,`status`,`created_at`);--> statement-breakpoint
ALTER TABLE `contacts` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `contacts` ADD `given_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `contacts_by_name` ON `contacts` (`network_id`,`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `contacts_by_given_name` ON `contacts` (`network_id`,`given_key`,`id`);--> statement-breakpoint
ALTER TABLE `imports` ADD `upload_path` text;--> statement-breakpoint
ALTER TABLE `imports` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `imports` ADD `progress` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `name_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `sites` ADD `area` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `sites_by_name` ON `sites` (`network_id`,`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `sites_by_city` ON `sites` (`network_id`,`city`,`id`);--> statement-breakpoint
CREATE INDEX `sites_by_area` ON `sites` (`network_id`,`area`,`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `addresses_by_text` ON `addresses` (`network_id`,`normalised`);--> statement-breakpoint
CREATE INDEX `addresses_troubled` ON `addresses` (`network_id`,`status`,`updated_at`,`id`) WHERE status <> 'valid';