CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `accounts_user` ON `accounts` (`user_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_provider` ON `accounts` (`provider_id`,`account_id`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`per_minute` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`network_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`scope` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `user_id`, `role`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `memberships_user` ON `memberships` (`user_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`token` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`language` text DEFAULT 'fr' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verifications_identifier` ON `verifications` (`identifier`);--> statement-breakpoint
CREATE TABLE `campaign_versions` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`source` text NOT NULL,
	`hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `version`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `campaigns` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`title` text NOT NULL,
	`class` text NOT NULL,
	`status` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`status_reason` text,
	`created_at` integer NOT NULL,
	`launched_at` integer,
	`finished_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `campaigns_name` ON `campaigns` (`network_id`,`name`);--> statement-breakpoint
CREATE TABLE `content_versions` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`template` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`source` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `content_versions_hash` ON `content_versions` (`network_id`,`template`,`channel`,`language`,`hash`);--> statement-breakpoint
CREATE TABLE `messages` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`campaign_version` integer NOT NULL,
	`step` text NOT NULL,
	`position` integer NOT NULL,
	`occurrence` text NOT NULL,
	`class` text NOT NULL,
	`urgency` text NOT NULL,
	`intent` text NOT NULL,
	`template` text NOT NULL,
	`topic` text DEFAULT '' NOT NULL,
	`definition` text NOT NULL,
	`due_at` integer NOT NULL,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_once` ON `messages` (`network_id`,`campaign_id`,`step`,`occurrence`);--> statement-breakpoint
CREATE TABLE `policies` (
	`network_id` text NOT NULL,
	`version` integer NOT NULL,
	`policy` text NOT NULL,
	`hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `version`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `step_runs` (
	`network_id` text NOT NULL,
	`message_id` text NOT NULL,
	`status` text NOT NULL,
	`cursor` text DEFAULT '' NOT NULL,
	`audience` integer DEFAULT 0 NOT NULL,
	`reached` integer DEFAULT 0 NOT NULL,
	`policy_version` integer,
	`started_at` integer,
	`finished_at` integer,
	PRIMARY KEY(`network_id`, `message_id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `step_runs_status` ON `step_runs` (`status`,`network_id`);--> statement-breakpoint
CREATE TABLE `consents` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`channel` text NOT NULL,
	`purpose` text NOT NULL,
	`action` text NOT NULL,
	`value` text NOT NULL,
	`basis` text NOT NULL,
	`wording_version` text,
	`wording_hash` text,
	`language` text,
	`source` text NOT NULL,
	`actor` text NOT NULL,
	`evidence_ref` text,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_contact` ON `consents` (`network_id`,`contact_id`,`channel`,`purpose`,`occurred_at`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`scope` text NOT NULL,
	`address_hash` text NOT NULL,
	`channel` text DEFAULT '' NOT NULL,
	`sender_id` text DEFAULT '' NOT NULL,
	`topic` text DEFAULT '' NOT NULL,
	`reason` text NOT NULL,
	`source` text NOT NULL,
	`occurred_at` integer NOT NULL,
	`lifted_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `suppressions_once` ON `suppressions` (`network_id`,`address_hash`,`scope`,`channel`,`sender_id`,`topic`);--> statement-breakpoint
CREATE TABLE `tracking_choices` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`contact_id` text NOT NULL,
	`subject` text NOT NULL,
	`choice` text NOT NULL,
	`source` text NOT NULL,
	`occurred_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `tracking_choices_contact` ON `tracking_choices` (`network_id`,`contact_id`,`subject`,`occurred_at`);--> statement-breakpoint
CREATE TABLE `engagement_checkpoints` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`channel` text NOT NULL,
	`s` real NOT NULL,
	`n` real NOT NULL,
	`at` integer NOT NULL,
	`exposures` integer NOT NULL,
	`actions` integer NOT NULL,
	`misses` integer NOT NULL,
	`first_exposure_at` integer,
	`last_action_at` integer,
	PRIMARY KEY(`network_id`, `contact_id`, `channel`)
);
--> statement-breakpoint
CREATE TABLE `engagements` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`channel` text NOT NULL,
	`s` real NOT NULL,
	`n` real NOT NULL,
	`at` integer NOT NULL,
	`exposures` integer NOT NULL,
	`actions` integer NOT NULL,
	`misses` integer NOT NULL,
	`first_exposure_at` integer,
	`last_action_at` integer,
	PRIMARY KEY(`network_id`, `contact_id`, `channel`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `exposures` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`channel` text NOT NULL,
	`profile` text NOT NULL,
	`sent_at` integer NOT NULL,
	`mature_at` integer NOT NULL,
	`is_measurable` integer NOT NULL,
	`outcome` text NOT NULL,
	`outcome_at` integer,
	`classifier_version` text NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`delivery_id`) REFERENCES `deliveries`(`network_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exposures_once` ON `exposures` (`network_id`,`delivery_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `exposures_mature` ON `exposures` (`network_id`,`outcome`,`mature_at`);--> statement-breakpoint
CREATE INDEX `exposures_contact` ON `exposures` (`network_id`,`contact_id`,`channel`,`sent_at`);--> statement-breakpoint
CREATE TABLE `group_engagements` (
	`network_id` text NOT NULL,
	`profile` text NOT NULL,
	`channel` text NOT NULL,
	`s` real NOT NULL,
	`n` real NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `profile`, `channel`)
);
--> statement-breakpoint
CREATE TABLE `broadcasts` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`message_id` text NOT NULL,
	`site_id` text NOT NULL,
	`recipient_key` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer,
	`shown_at` integer,
	`read_at` integer,
	`read_by` text,
	`options` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `broadcasts_delivery` ON `broadcasts` (`network_id`,`delivery_id`);--> statement-breakpoint
CREATE INDEX `broadcasts_site` ON `broadcasts` (`network_id`,`site_id`,`read_at`);--> statement-breakpoint
CREATE TABLE `posts` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`message_id` text NOT NULL,
	`recipient_key` text NOT NULL,
	`access_level` text NOT NULL,
	`language` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	`published_at` integer NOT NULL,
	`closes_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `posts_delivery` ON `posts` (`network_id`,`delivery_id`);--> statement-breakpoint
CREATE INDEX `posts_recipient` ON `posts` (`network_id`,`recipient_key`,`published_at`);--> statement-breakpoint
CREATE TABLE `addresses` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`normalised` text,
	`hash` text NOT NULL,
	`status` text DEFAULT 'valid' NOT NULL,
	`status_reason` text,
	`is_shared` integer DEFAULT false NOT NULL,
	`country` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `addresses_hash` ON `addresses` (`network_id`,`hash`);--> statement-breakpoint
CREATE TABLE `contact_addresses` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`address_id` text NOT NULL,
	`kind` text NOT NULL,
	`rank` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`network_id`, `contact_id`, `address_id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`address_id`) REFERENCES `addresses`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `contact_addresses_address` ON `contact_addresses` (`network_id`,`address_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`site_id` text NOT NULL,
	`external_id` text,
	`identity_key` text NOT NULL,
	`salutation` text,
	`first_name` text,
	`last_name` text,
	`function` text,
	`profile` text NOT NULL,
	`is_profile_derived` integer DEFAULT false NOT NULL,
	`language` text NOT NULL,
	`preferred_channel` text,
	`is_correspondent` integer DEFAULT false NOT NULL,
	`last_activity_on` text,
	`attributes` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`erased_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_identity` ON `contacts` (`network_id`,`identity_key`);--> statement-breakpoint
CREATE INDEX `contacts_site` ON `contacts` (`network_id`,`site_id`);--> statement-breakpoint
CREATE TABLE `imports` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`file_name` text NOT NULL,
	`file_hash` text NOT NULL,
	`status` text NOT NULL,
	`basis` text,
	`mapping` text NOT NULL,
	`counts` text,
	`rejects_path` text,
	`error` text,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `mappings` (
	`network_id` text NOT NULL,
	`headers_hash` text NOT NULL,
	`columns` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `headers_hash`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `networks` (
	`id` text PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`title` text NOT NULL,
	`mode` text NOT NULL,
	`is_demo` integer DEFAULT false NOT NULL,
	`clock_offset_ms` integer DEFAULT 0 NOT NULL,
	`country` text DEFAULT 'FR' NOT NULL,
	`language` text DEFAULT 'fr' NOT NULL,
	`timezone` text DEFAULT 'Europe/Paris' NOT NULL,
	`currency` text DEFAULT 'EUR' NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `networks_name` ON `networks` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `networks_number` ON `networks` (`number`);--> statement-breakpoint
CREATE TABLE `senders` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`channel` text NOT NULL,
	`name` text NOT NULL,
	`provider` text NOT NULL,
	`credentials_ref` text,
	`address` text,
	`is_two_way` integer DEFAULT false NOT NULL,
	`countries` text NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `senders_name` ON `senders` (`network_id`,`channel`,`name`);--> statement-breakpoint
CREATE TABLE `sites` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`external_id` text NOT NULL,
	`name` text NOT NULL,
	`typology` text,
	`tier` text,
	`address_line1` text,
	`address_line2` text,
	`postcode` text,
	`city` text,
	`country` text NOT NULL,
	`region` text NOT NULL,
	`timezone` text NOT NULL,
	`mailbox_address_id` text,
	`postal_address_id` text,
	`opening_hours` text,
	`attributes` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sites_external` ON `sites` (`network_id`,`external_id`);--> statement-breakpoint
CREATE TABLE `stations` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`site_id` text NOT NULL,
	`name` text NOT NULL,
	`token_hash` text NOT NULL,
	`is_active` integer DEFAULT true NOT NULL,
	`last_seen_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `stations_token` ON `stations` (`token_hash`);--> statement-breakpoint
CREATE INDEX `stations_site` ON `stations` (`network_id`,`site_id`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`network_id` text,
	`seq` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_entries_seq` ON `audit_entries` (`seq`);--> statement-breakpoint
CREATE INDEX `audit_entries_network` ON `audit_entries` (`network_id`,`at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`network_id` text NOT NULL,
	`caller` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `caller`, `key`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `installation` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`payload` text NOT NULL,
	`cursor` text,
	`done` integer DEFAULT 0 NOT NULL,
	`total` integer,
	`error` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `jobs_status` ON `jobs` (`status`,`created_at`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`network_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`number` integer NOT NULL,
	`worker` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`outcome` text,
	`code` text,
	`detail` text,
	`provider` text,
	`provider_ref` text,
	PRIMARY KEY(`network_id`, `delivery_id`, `number`),
	FOREIGN KEY (`network_id`,`delivery_id`) REFERENCES `deliveries`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attempts_ref` ON `attempts` (`provider`,`provider_ref`);--> statement-breakpoint
CREATE TABLE `decisions` (
	`network_id` text NOT NULL,
	`message_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`occurrence` text NOT NULL,
	`outcome` text NOT NULL,
	`channel` text,
	`at` integer,
	`because` text NOT NULL,
	`trace` text NOT NULL,
	`fallbacks` text NOT NULL,
	`policy_version` integer NOT NULL,
	`seed` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `message_id`, `contact_id`, `occurrence`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `decisions_contact` ON `decisions` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`recipient_key` text NOT NULL,
	`channel` text NOT NULL,
	`occurrence` text NOT NULL,
	`status` text NOT NULL,
	`class` text NOT NULL,
	`priority` integer NOT NULL,
	`address_id` text,
	`sender_id` text,
	`due_at` integer NOT NULL,
	`expires_at` integer,
	`reason` text,
	`is_companion` integer DEFAULT false NOT NULL,
	`fallback_of` text,
	`provider` text,
	`provider_ref` text,
	`attempt` integer DEFAULT 0 NOT NULL,
	`doubts` integer DEFAULT 0 NOT NULL,
	`claimed_by` text,
	`lease_until` integer,
	`content_version_id` text,
	`merge_values` text,
	`tracking_mode` text,
	`token_key_id` text,
	`renderer_version` text,
	`content_hash` text,
	`parts` integer,
	`cost_millis` integer DEFAULT 0 NOT NULL,
	`currency` text NOT NULL,
	`is_receipt_missing` integer DEFAULT false NOT NULL,
	`sent_at` integer,
	`delivered_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_once` ON `deliveries` (`network_id`,`message_id`,`recipient_key`,`channel`,`occurrence`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`network_id`,`status`,`priority`,`due_at`);--> statement-breakpoint
CREATE INDEX `deliveries_recipient` ON `deliveries` (`network_id`,`recipient_key`);--> statement-breakpoint
CREATE TABLE `delivery_members` (
	`network_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`contact_id` text NOT NULL,
	PRIMARY KEY(`network_id`, `delivery_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`delivery_id`) REFERENCES `deliveries`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `delivery_members_contact` ON `delivery_members` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `pressures` (
	`network_id` text NOT NULL,
	`subject_key` text NOT NULL,
	`version` integer NOT NULL,
	`touches` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `subject_key`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `rendered_contents` (
	`network_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`body` blob NOT NULL,
	`keep_until` integer NOT NULL,
	PRIMARY KEY(`network_id`, `delivery_id`),
	FOREIGN KEY (`network_id`,`delivery_id`) REFERENCES `deliveries`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `rendered_contents_keep` ON `rendered_contents` (`network_id`,`keep_until`);--> statement-breakpoint
CREATE TABLE `spends` (
	`network_id` text NOT NULL,
	`day` text NOT NULL,
	`channel` text NOT NULL,
	`currency` text NOT NULL,
	`cost_millis` integer NOT NULL,
	`deliveries` integer NOT NULL,
	PRIMARY KEY(`network_id`, `day`, `channel`, `currency`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `timers` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`occurrence` text NOT NULL,
	`due_at` integer NOT NULL,
	`payload` text NOT NULL,
	`fired_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `timers_once` ON `timers` (`network_id`,`kind`,`subject`,`occurrence`);--> statement-breakpoint
CREATE INDEX `timers_due` ON `timers` (`network_id`,`fired_at`,`due_at`);--> statement-breakpoint
CREATE TABLE `batches` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`number` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`message_id` text NOT NULL,
	`status` text NOT NULL,
	`pieces` integer NOT NULL,
	`pages` integer NOT NULL,
	`sha256` text,
	`path` text,
	`lease_until` integer,
	`job` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `batches_number` ON `batches` (`network_id`,`number`,`revision`);--> statement-breakpoint
CREATE TABLE `pieces` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`message_id` text NOT NULL,
	`batch_id` text,
	`seq` integer,
	`status` text NOT NULL,
	`reason` text,
	`address_lines` text NOT NULL,
	`postcode` text NOT NULL,
	`country` text NOT NULL,
	`first_page` integer,
	`pages` integer,
	`content_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`delivery_id`) REFERENCES `deliveries`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pieces_delivery` ON `pieces` (`network_id`,`delivery_id`);--> statement-breakpoint
CREATE INDEX `pieces_batch` ON `pieces` (`network_id`,`batch_id`,`seq`);--> statement-breakpoint
CREATE INDEX `pieces_waiting` ON `pieces` (`network_id`,`status`,`message_id`);--> statement-breakpoint
CREATE TABLE `segment_members` (
	`network_id` text NOT NULL,
	`segment_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`since` integer NOT NULL,
	PRIMARY KEY(`network_id`, `segment_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`segment_id`) REFERENCES `segments`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `segment_members_contact` ON `segment_members` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `segments` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`title` text NOT NULL,
	`rule` text NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `segments_name` ON `segments` (`network_id`,`name`);--> statement-breakpoint
CREATE TABLE `events` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`delivery_id` text,
	`message_id` text,
	`contact_id` text,
	`site_id` text,
	`channel` text,
	`dedupe_key` text NOT NULL,
	`inbound_event_id` text,
	`verdict` text,
	`classifier_version` text,
	`data` text NOT NULL,
	`occurred_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`network_id`,`dedupe_key`);--> statement-breakpoint
CREATE INDEX `events_contact` ON `events` (`network_id`,`contact_id`,`occurred_at`);--> statement-breakpoint
CREATE INDEX `events_delivery` ON `events` (`network_id`,`delivery_id`);--> statement-breakpoint
CREATE INDEX `events_message` ON `events` (`network_id`,`message_id`,`type`);--> statement-breakpoint
CREATE TABLE `inbound_events` (
	`id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`dedupe_key` text NOT NULL,
	`network_id` text,
	`body` text NOT NULL,
	`received_at` integer NOT NULL,
	`applied_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbound_events_once` ON `inbound_events` (`source`,`dedupe_key`);--> statement-breakpoint
CREATE INDEX `inbound_events_pending` ON `inbound_events` (`applied_at`,`attempts`,`received_at`);--> statement-breakpoint
CREATE TABLE `links` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`delivery_id` text,
	`code` text,
	`kind` text NOT NULL,
	`url` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `links_code` ON `links` (`code`);--> statement-breakpoint
CREATE INDEX `links_message` ON `links` (`network_id`,`message_id`);