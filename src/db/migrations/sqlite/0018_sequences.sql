CREATE TABLE `arrivals` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`message_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`kind` text NOT NULL,
	`occurrence` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer NOT NULL,
	`cause_at` integer NOT NULL,
	`cause` text NOT NULL,
	`data` text NOT NULL,
	`reason` text,
	`decided_as` text,
	`settled_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `arrivals_once` ON `arrivals` (`network_id`,`message_id`,`contact_id`,`kind`,`occurrence`);--> statement-breakpoint
CREATE INDEX `arrivals_due` ON `arrivals` (`network_id`,`message_id`,`state`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `arrivals_next` ON `arrivals` (`network_id`,`state`,`due_at`);--> statement-breakpoint
CREATE INDEX `arrivals_contact` ON `arrivals` (`network_id`,`contact_id`,`campaign_id`,`state`);--> statement-breakpoint
CREATE TABLE `contact_dates` (
	`network_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`attribute` text NOT NULL,
	`day` text NOT NULL,
	`month_day` text NOT NULL,
	PRIMARY KEY(`network_id`, `contact_id`, `attribute`),
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `contact_dates_day` ON `contact_dates` (`network_id`,`attribute`,`day`,`contact_id`);--> statement-breakpoint
CREATE INDEX `contact_dates_yearly` ON `contact_dates` (`network_id`,`attribute`,`month_day`,`contact_id`);--> statement-breakpoint
CREATE TABLE `journeys` (
	`network_id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`round` integer NOT NULL,
	`state` text NOT NULL,
	`cause_key` text NOT NULL,
	`cause` text NOT NULL,
	`data` text NOT NULL,
	`entered_at` integer NOT NULL,
	`left_at` integer,
	`left_for` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `campaign_id`, `contact_id`, `round`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journeys_cause` ON `journeys` (`network_id`,`campaign_id`,`contact_id`,`cause_key`);--> statement-breakpoint
CREATE INDEX `journeys_contact` ON `journeys` (`network_id`,`contact_id`,`campaign_id`);--> statement-breakpoint
CREATE INDEX `journeys_state` ON `journeys` (`network_id`,`campaign_id`,`state`,`contact_id`);--> statement-breakpoint
CREATE TABLE `proposal_members` (
	`network_id` text NOT NULL,
	`proposal_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`group_name` text NOT NULL,
	PRIMARY KEY(`network_id`, `proposal_id`, `contact_id`),
	FOREIGN KEY (`network_id`,`proposal_id`) REFERENCES `proposals`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `proposal_members_contact` ON `proposal_members` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE TABLE `proposals` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`message_id` text NOT NULL,
	`occurrence` text NOT NULL,
	`state` text NOT NULL,
	`cause` text NOT NULL,
	`figures` text NOT NULL,
	`proposed_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`decided_at` integer,
	`decided_by` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `proposals_once` ON `proposals` (`network_id`,`message_id`,`occurrence`);--> statement-breakpoint
CREATE INDEX `proposals_state` ON `proposals` (`network_id`,`state`,`proposed_at`,`id`);--> statement-breakpoint
CREATE INDEX `proposals_campaign` ON `proposals` (`network_id`,`campaign_id`,`proposed_at`);--> statement-breakpoint
CREATE TABLE `tasks` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`message_id` text NOT NULL,
	`contact_id` text NOT NULL,
	`site_id` text NOT NULL,
	`occurrence` text NOT NULL,
	`kind` text NOT NULL,
	`assignee_id` text,
	`correspondent_id` text,
	`note` text DEFAULT '' NOT NULL,
	`status` text NOT NULL,
	`outcome` text,
	`remark` text DEFAULT '' NOT NULL,
	`due_at` integer NOT NULL,
	`done_at` integer,
	`done_by` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`message_id`) REFERENCES `messages`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`network_id`,`contact_id`) REFERENCES `contacts`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_once` ON `tasks` (`network_id`,`message_id`,`contact_id`,`occurrence`);--> statement-breakpoint
CREATE INDEX `tasks_open` ON `tasks` (`network_id`,`status`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `tasks_assignee` ON `tasks` (`network_id`,`assignee_id`,`status`,`due_at`,`id`);--> statement-breakpoint
CREATE INDEX `tasks_contact` ON `tasks` (`network_id`,`contact_id`);--> statement-breakpoint
CREATE INDEX `tasks_campaign` ON `tasks` (`network_id`,`campaign_id`,`status`);--> statement-breakpoint
CREATE TABLE `watches` (
	`network_id` text NOT NULL,
	`id` text NOT NULL,
	`campaign_id` text NOT NULL,
	`message_id` text DEFAULT '' NOT NULL,
	`role` text NOT NULL,
	`kind` text NOT NULL,
	`key` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`network_id`, `id`),
	FOREIGN KEY (`network_id`,`campaign_id`) REFERENCES `campaigns`(`network_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `watches_once` ON `watches` (`network_id`,`campaign_id`,`message_id`,`role`,`kind`,`key`);--> statement-breakpoint
CREATE INDEX `watches_kind` ON `watches` (`network_id`,`kind`,`key`);