CREATE TABLE `approval_votes` (
	`network_id` text NOT NULL,
	`approval_id` text NOT NULL,
	`user_id` text NOT NULL,
	`verdict` text NOT NULL,
	`comment` text DEFAULT '' NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `approval_id`, `user_id`),
	FOREIGN KEY (`network_id`,`approval_id`) REFERENCES `approvals`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`round` integer NOT NULL,
	`hash` text NOT NULL,
	`status` text NOT NULL,
	`asked_by` text NOT NULL,
	`asked_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`needed` integer NOT NULL,
	`decided_at` integer,
	`is_reminded` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `approvals_round` ON `approvals` (`network_id`,`campaign_id`,`round`);--> statement-breakpoint
CREATE TABLE `campaign_changes` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`base_version` integer NOT NULL,
	`source` text NOT NULL,
	`hash` text NOT NULL,
	`status` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `campaign_changes_campaign` ON `campaign_changes` (`network_id`,`campaign_id`,`status`);--> statement-breakpoint
CREATE TABLE `campaign_snapshots` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`hash` text NOT NULL,
	`source` text NOT NULL,
	`words` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `hash`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `kept_words` (
	`network_id` text NOT NULL,
	`hash` text NOT NULL,
	`source` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `hash`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `link_checks` (
	`network_id` text NOT NULL,
	`url_hash` text NOT NULL,
	`outcome` text NOT NULL,
	`status` integer,
	`checked_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `url_hash`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `proof_items` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`proof_id` text NOT NULL,
	`step` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`sample` integer NOT NULL,
	`seed_id` text NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`ref` text,
	`content_hash` text,
	`parts` integer,
	`currency` text NOT NULL,
	`cost_millis` integer DEFAULT 0 NOT NULL,
	`sent_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`proof_id`) REFERENCES `proofs`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proof_items_once` ON `proof_items` (`network_id`,`proof_id`,`step`,`channel`,`language`,`sample`,`seed_id`);--> statement-breakpoint
CREATE TABLE `proofs` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`hash` text NOT NULL,
	`samples` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proofs_once` ON `proofs` (`network_id`,`campaign_id`,`hash`);--> statement-breakpoint
CREATE TABLE `seed_addresses` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`channel` text NOT NULL,
	`value` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `seed_addresses_once` ON `seed_addresses` (`network_id`,`value`);--> statement-breakpoint
CREATE TABLE `step_words` (
	`network_id` text NOT NULL,
	`message_id` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`template` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`network_id`, `message_id`, `channel`, `language`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `campaigns` ADD `held_until` integer;--> statement-breakpoint
ALTER TABLE `networks` ADD `halt` text;