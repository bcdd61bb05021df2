CREATE TABLE `prizes` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`value_cents` integer NOT NULL,
	`stock` integer,
	`given` integer DEFAULT 0 NOT NULL,
	`is_retired` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `prizes_challenge` ON `prizes` (`network_id`,`challenge_id`,`id`);--> statement-breakpoint
CREATE TABLE `reward_beneficiaries` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`regime` text NOT NULL,
	`is_customer_facing` integer NOT NULL,
	`is_same_group` integer NOT NULL,
	`said_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `reward_budgets` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`cap_cents` integer NOT NULL,
	`committed_cents` integer DEFAULT 0 NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `rewards` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`prize_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`payer` text NOT NULL,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`value_cents` integer NOT NULL,
	`year` integer NOT NULL,
	`status` text NOT NULL,
	`request_key` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`awarded_by` text NOT NULL,
	`awarded_at` integer NOT NULL,
	`delivered_at` integer,
	`canceled_at` integer,
	`cancel_reason` text,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`prize_id`) REFERENCES `prizes`(`network_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rewards_once` ON `rewards` (`network_id`,`challenge_id`,`request_key`);--> statement-breakpoint
CREATE INDEX `rewards_year` ON `rewards` (`network_id`,`year`,`contact_id`,`payer`);--> statement-breakpoint
CREATE INDEX `rewards_contact` ON `rewards` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `rewards_prize` ON `rewards` (`network_id`,`prize_id`);--> statement-breakpoint
CREATE TABLE `simulations` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign` text NOT NULL,
	`rules_hash` text NOT NULL,
	`data_hash` text NOT NULL,
	`people` integer NOT NULL,
	`reached` integer NOT NULL,
	`figures` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`confirmed_reason` text,
	`confirmed_by` text,
	`confirmed_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `simulations_once` ON `simulations` (`network_id`,`campaign`,`rules_hash`,`data_hash`);--> statement-breakpoint
CREATE INDEX `simulations_campaign` ON `simulations` (`network_id`,`campaign`,`created_at`);--> statement-breakpoint
CREATE TABLE `challenge_standings` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`board` text NOT NULL,
	`subject_key` text NOT NULL,
	`league` integer NOT NULL,
	`points` integer NOT NULL,
	`progress` integer NOT NULL,
	`reached_at` integer NOT NULL,
	`name_key` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`, `board`, `subject_key`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `challenge_standings_points` ON `challenge_standings` (`network_id`,`challenge_id`,`board`,`league`,`points`,`reached_at`,`name_key`,`subject_key`);--> statement-breakpoint
CREATE INDEX `challenge_standings_progress` ON `challenge_standings` (`network_id`,`challenge_id`,`board`,`league`,`progress`,`reached_at`,`name_key`,`subject_key`);--> statement-breakpoint
CREATE TABLE `challenge_closings` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`provisional_at` integer NOT NULL,
	`claims_until` integer NOT NULL,
	`approved_at` integer,
	`approved_by` text,
	`provisional_by` text NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `image_consents` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`action` text NOT NULL,
	`wording_version` text NOT NULL,
	`signed_name` text NOT NULL,
	`source` text NOT NULL,
	`said_by` text NOT NULL,
	`said_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `image_consents_contact` ON `image_consents` (`network_id`,`contact_id`,`challenge_id`,`id`);--> statement-breakpoint
CREATE TABLE `winner_claims` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`text` text NOT NULL,
	`status` text NOT NULL,
	`raised_at` integer NOT NULL,
	`answer` text,
	`answered_by` text,
	`answered_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `winner_claims_challenge` ON `winner_claims` (`network_id`,`challenge_id`,`status`,`id`);--> statement-breakpoint
CREATE INDEX `winner_claims_contact` ON `winner_claims` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `winner_pictures` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`kind` text NOT NULL,
	`file_id` text,
	`url` text,
	`caption` text NOT NULL,
	`published_at` integer,
	`taken_down_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `winner_pictures_contact` ON `winner_pictures` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `winner_pictures_challenge` ON `winner_pictures` (`network_id`,`challenge_id`,`id`);--> statement-breakpoint
CREATE TABLE `winners` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`board` text NOT NULL,
	`by` text NOT NULL,
	`league` integer NOT NULL,
	`place` integer NOT NULL,
	`subject_key` text NOT NULL,
	`contact_id` text,
	`site_id` text,
	`score` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `winners_place` ON `winners` (`network_id`,`challenge_id`,`board`,`by`,`league`,`place`);--> statement-breakpoint
CREATE INDEX `winners_contact` ON `winners` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `winners_site` ON `winners` (`network_id`,`site_id`);