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
CREATE TABLE `challenge_evidence` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`result_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`size` integer NOT NULL,
	`content` blob NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`result_id`) REFERENCES `challenge_results`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `challenge_evidence_result` ON `challenge_evidence` (`network_id`,`result_id`);--> statement-breakpoint
CREATE TABLE `challenge_ledger` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`participant_id` text NOT NULL,
	`result_id` text NOT NULL,
	`criterion` text NOT NULL,
	`kind` text NOT NULL,
	`quantity` integer NOT NULL,
	`points` integer NOT NULL,
	`reverses_id` text,
	`day` text NOT NULL,
	`rules_version` integer NOT NULL,
	`reason` text NOT NULL,
	`made_by` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`participant_id`) REFERENCES `challenge_participants`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `challenge_ledger_reversed_once` ON `challenge_ledger` (`network_id`,`reverses_id`);--> statement-breakpoint
CREATE INDEX `challenge_ledger_participant` ON `challenge_ledger` (`network_id`,`participant_id`,`id`);--> statement-breakpoint
CREATE INDEX `challenge_ledger_result` ON `challenge_ledger` (`network_id`,`result_id`);--> statement-breakpoint
CREATE INDEX `challenge_ledger_challenge` ON `challenge_ledger` (`network_id`,`challenge_id`,`id`);--> statement-breakpoint
CREATE TABLE `challenge_objectives` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`subject_key` text NOT NULL,
	`criterion` text NOT NULL,
	`site_id` text NOT NULL,
	`contact_id` text,
	`computed` integer NOT NULL,
	`grounds` text NOT NULL,
	`is_unattainable` integer DEFAULT false NOT NULL,
	`override` integer,
	`override_reason` text,
	`override_by` text,
	`override_at` integer,
	`rules_version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`, `subject_key`, `criterion`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `challenge_objectives_contact` ON `challenge_objectives` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `challenge_objectives_site` ON `challenge_objectives` (`network_id`,`challenge_id`,`site_id`);--> statement-breakpoint
CREATE TABLE `challenge_participants` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`kind` text NOT NULL,
	`subject_key` text NOT NULL,
	`site_id` text NOT NULL,
	`contact_id` text,
	`role` text NOT NULL,
	`team` text DEFAULT '' NOT NULL,
	`shown_as` text,
	`status` text NOT NULL,
	`way` text NOT NULL,
	`registered_by` text NOT NULL,
	`registered_at` integer NOT NULL,
	`agreed_version` integer,
	`agreed_at` integer,
	`withdrawn_at` integer,
	`withdrawn_by` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `challenge_participants_once` ON `challenge_participants` (`network_id`,`challenge_id`,`subject_key`);--> statement-breakpoint
CREATE INDEX `challenge_participants_site` ON `challenge_participants` (`network_id`,`challenge_id`,`site_id`,`id`);--> statement-breakpoint
CREATE INDEX `challenge_participants_contact` ON `challenge_participants` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `challenge_results` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`participant_id` text NOT NULL,
	`criterion` text NOT NULL,
	`quantity` integer NOT NULL,
	`done_on` text NOT NULL,
	`way` text NOT NULL,
	`reference` text,
	`source_key` text NOT NULL,
	`revision` integer DEFAULT 1 NOT NULL,
	`status` text NOT NULL,
	`suspicion` text,
	`suspect_id` text,
	`statement` text,
	`reason` text,
	`rules_version` integer NOT NULL,
	`recorded_by` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`participant_id`) REFERENCES `challenge_participants`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `challenge_results_once` ON `challenge_results` (`network_id`,`challenge_id`,`source_key`,`revision`);--> statement-breakpoint
CREATE INDEX `challenge_results_day` ON `challenge_results` (`network_id`,`participant_id`,`criterion`,`done_on`);--> statement-breakpoint
CREATE INDEX `challenge_results_reference` ON `challenge_results` (`network_id`,`challenge_id`,`reference`);--> statement-breakpoint
CREATE INDEX `challenge_results_status` ON `challenge_results` (`network_id`,`challenge_id`,`status`,`id`);--> statement-breakpoint
CREATE TABLE `challenge_rules` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`version` integer NOT NULL,
	`rules` text NOT NULL,
	`hash` text NOT NULL,
	`in_force_from` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`, `version`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `challenge_sites` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`site_id` text NOT NULL,
	`potential` integer NOT NULL,
	`league` integer NOT NULL,
	`assigned_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `challenge_id`, `site_id`),
	FOREIGN KEY (`network_id`,`challenge_id`) REFERENCES `challenges`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`site_id`) REFERENCES `sites`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `challenge_sites_league` ON `challenge_sites` (`network_id`,`challenge_id`,`league`,`site_id`);--> statement-breakpoint
CREATE TABLE `challenge_totals` (
	`network_id` text NOT NULL,
	`challenge_id` text NOT NULL,
	`participant_id` text NOT NULL,
	`criterion` text NOT NULL,
	`quantity` integer NOT NULL,
	`points` integer NOT NULL,
	`reached_at` integer,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `participant_id`, `criterion`),
	FOREIGN KEY (`network_id`,`participant_id`) REFERENCES `challenge_participants`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `challenge_totals_ranking` ON `challenge_totals` (`network_id`,`challenge_id`,`criterion`,`points`,`participant_id`);--> statement-breakpoint
CREATE TABLE `challenges` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`rules_version` integer DEFAULT 1 NOT NULL,
	`registration_opens_at` integer NOT NULL,
	`registration_closes_at` integer NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`freezes_at` integer,
	`results_until` integer NOT NULL,
	`leagues_fixed_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `challenges_campaign` ON `challenges` (`network_id`,`campaign_id`);--> statement-breakpoint
CREATE INDEX `challenges_by_end` ON `challenges` (`network_id`,`ends_at`,`id`);--> statement-breakpoint
CREATE TABLE `past_results` (
	`network_id` text NOT NULL,
	`subject_key` text NOT NULL,
	`measure` text NOT NULL,
	`month` text NOT NULL,
	`quantity` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `subject_key`, `measure`, `month`),
	FOREIGN KEY (`network_id`) REFERENCES `networks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `past_results_measure` ON `past_results` (`network_id`,`measure`,`month`,`subject_key`);--> statement-breakpoint
ALTER TABLE `campaigns` ADD `held_until` integer;--> statement-breakpoint
ALTER TABLE `networks` ADD `halt` text;