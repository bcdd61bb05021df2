CREATE TABLE "approval_votes" (
	"network_id" text NOT NULL,
	"approval_id" text NOT NULL,
	"user_id" text NOT NULL,
	"verdict" text NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "approval_votes_network_id_approval_id_user_id_pk" PRIMARY KEY("network_id","approval_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"round" integer NOT NULL,
	"hash" text NOT NULL,
	"status" text NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"needed" integer NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"is_reminded" boolean DEFAULT false NOT NULL,
	CONSTRAINT "approvals_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "campaign_changes" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"base_version" integer NOT NULL,
	"source" text NOT NULL,
	"hash" text NOT NULL,
	"status" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "campaign_changes_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "campaign_snapshots" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"hash" text NOT NULL,
	"source" text NOT NULL,
	"words" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "campaign_snapshots_network_id_campaign_id_hash_pk" PRIMARY KEY("network_id","campaign_id","hash")
);
--> statement-breakpoint
CREATE TABLE "kept_words" (
	"network_id" text NOT NULL,
	"hash" text NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "kept_words_network_id_hash_pk" PRIMARY KEY("network_id","hash")
);
--> statement-breakpoint
CREATE TABLE "link_checks" (
	"network_id" text NOT NULL,
	"url_hash" text NOT NULL,
	"outcome" text NOT NULL,
	"status" integer,
	"checked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "link_checks_network_id_url_hash_pk" PRIMARY KEY("network_id","url_hash")
);
--> statement-breakpoint
CREATE TABLE "proof_items" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"proof_id" text NOT NULL,
	"step" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"sample" integer NOT NULL,
	"seed_id" text NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"ref" text,
	"content_hash" text,
	"parts" integer,
	"currency" text NOT NULL,
	"cost_millis" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp (3) with time zone,
	CONSTRAINT "proof_items_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "proofs" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"hash" text NOT NULL,
	"samples" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "proofs_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "seed_addresses" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"channel" text NOT NULL,
	"value" text collate "C" NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "seed_addresses_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "step_words" (
	"network_id" text NOT NULL,
	"message_id" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"template" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "step_words_network_id_message_id_channel_language_pk" PRIMARY KEY("network_id","message_id","channel","language")
);
--> statement-breakpoint
CREATE TABLE "challenge_evidence" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"result_id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size" integer NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_evidence_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "challenge_ledger" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"participant_id" text NOT NULL,
	"result_id" text NOT NULL,
	"criterion" text NOT NULL,
	"kind" text NOT NULL,
	"quantity" bigint NOT NULL,
	"points" bigint NOT NULL,
	"reverses_id" text,
	"day" text NOT NULL,
	"rules_version" integer NOT NULL,
	"reason" text NOT NULL,
	"made_by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_ledger_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "challenge_objectives" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"subject_key" text NOT NULL,
	"criterion" text NOT NULL,
	"site_id" text NOT NULL,
	"contact_id" text,
	"computed" bigint NOT NULL,
	"grounds" jsonb NOT NULL,
	"is_unattainable" boolean DEFAULT false NOT NULL,
	"override" bigint,
	"override_reason" text,
	"override_by" text,
	"override_at" timestamp (3) with time zone,
	"rules_version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_objectives_network_id_challenge_id_subject_key_criterion_pk" PRIMARY KEY("network_id","challenge_id","subject_key","criterion")
);
--> statement-breakpoint
CREATE TABLE "challenge_participants" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject_key" text NOT NULL,
	"site_id" text NOT NULL,
	"contact_id" text,
	"role" text NOT NULL,
	"team" text DEFAULT '' NOT NULL,
	"shown_as" text,
	"status" text NOT NULL,
	"way" text NOT NULL,
	"registered_by" text NOT NULL,
	"registered_at" timestamp (3) with time zone NOT NULL,
	"agreed_version" integer,
	"agreed_at" timestamp (3) with time zone,
	"withdrawn_at" timestamp (3) with time zone,
	"withdrawn_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_participants_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "challenge_results" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"participant_id" text NOT NULL,
	"criterion" text NOT NULL,
	"quantity" bigint NOT NULL,
	"done_on" text NOT NULL,
	"way" text NOT NULL,
	"reference" text,
	"source_key" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"status" text NOT NULL,
	"suspicion" text,
	"suspect_id" text,
	"statement" text,
	"reason" text,
	"rules_version" integer NOT NULL,
	"recorded_by" text NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "challenge_results_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "challenge_rules" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"version" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"hash" text NOT NULL,
	"in_force_from" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_rules_network_id_challenge_id_version_pk" PRIMARY KEY("network_id","challenge_id","version")
);
--> statement-breakpoint
CREATE TABLE "challenge_sites" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"site_id" text NOT NULL,
	"potential" bigint NOT NULL,
	"league" integer NOT NULL,
	"assigned_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_sites_network_id_challenge_id_site_id_pk" PRIMARY KEY("network_id","challenge_id","site_id")
);
--> statement-breakpoint
CREATE TABLE "challenge_totals" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"participant_id" text NOT NULL,
	"criterion" text NOT NULL,
	"quantity" bigint NOT NULL,
	"points" bigint NOT NULL,
	"reached_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_totals_network_id_participant_id_criterion_pk" PRIMARY KEY("network_id","participant_id","criterion")
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"rules_version" integer DEFAULT 1 NOT NULL,
	"registration_opens_at" timestamp (3) with time zone NOT NULL,
	"registration_closes_at" timestamp (3) with time zone NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"freezes_at" timestamp (3) with time zone,
	"results_until" timestamp (3) with time zone NOT NULL,
	"leagues_fixed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenges_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "past_results" (
	"network_id" text NOT NULL,
	"subject_key" text collate "C" NOT NULL,
	"measure" text NOT NULL,
	"month" text NOT NULL,
	"quantity" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "past_results_network_id_subject_key_measure_month_pk" PRIMARY KEY("network_id","subject_key","measure","month")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "held_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "networks" ADD COLUMN "halt" jsonb;--> statement-breakpoint
ALTER TABLE "approval_votes" ADD CONSTRAINT "approval_votes_approval_fk" FOREIGN KEY ("network_id","approval_id") REFERENCES "public"."approvals"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_changes" ADD CONSTRAINT "campaign_changes_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_snapshots" ADD CONSTRAINT "campaign_snapshots_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_words" ADD CONSTRAINT "kept_words_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_checks" ADD CONSTRAINT "link_checks_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proof_items" ADD CONSTRAINT "proof_items_proof_fk" FOREIGN KEY ("network_id","proof_id") REFERENCES "public"."proofs"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proofs" ADD CONSTRAINT "proofs_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seed_addresses" ADD CONSTRAINT "seed_addresses_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step_words" ADD CONSTRAINT "step_words_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_evidence" ADD CONSTRAINT "challenge_evidence_result_fk" FOREIGN KEY ("network_id","result_id") REFERENCES "public"."challenge_results"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_ledger" ADD CONSTRAINT "challenge_ledger_participant_fk" FOREIGN KEY ("network_id","participant_id") REFERENCES "public"."challenge_participants"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_objectives" ADD CONSTRAINT "challenge_objectives_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_objectives" ADD CONSTRAINT "challenge_objectives_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_objectives" ADD CONSTRAINT "challenge_objectives_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_participants" ADD CONSTRAINT "challenge_participants_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_participants" ADD CONSTRAINT "challenge_participants_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_participants" ADD CONSTRAINT "challenge_participants_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_results" ADD CONSTRAINT "challenge_results_participant_fk" FOREIGN KEY ("network_id","participant_id") REFERENCES "public"."challenge_participants"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_rules" ADD CONSTRAINT "challenge_rules_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_sites" ADD CONSTRAINT "challenge_sites_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_sites" ADD CONSTRAINT "challenge_sites_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_totals" ADD CONSTRAINT "challenge_totals_participant_fk" FOREIGN KEY ("network_id","participant_id") REFERENCES "public"."challenge_participants"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenges" ADD CONSTRAINT "challenges_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "past_results" ADD CONSTRAINT "past_results_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_round" ON "approvals" USING btree ("network_id","campaign_id","round");--> statement-breakpoint
CREATE INDEX "campaign_changes_campaign" ON "campaign_changes" USING btree ("network_id","campaign_id","status");--> statement-breakpoint
CREATE UNIQUE INDEX "proof_items_once" ON "proof_items" USING btree ("network_id","proof_id","step","channel","language","sample","seed_id");--> statement-breakpoint
CREATE UNIQUE INDEX "proofs_once" ON "proofs" USING btree ("network_id","campaign_id","hash");--> statement-breakpoint
CREATE UNIQUE INDEX "seed_addresses_once" ON "seed_addresses" USING btree ("network_id","value");--> statement-breakpoint
CREATE INDEX "challenge_evidence_result" ON "challenge_evidence" USING btree ("network_id","result_id");--> statement-breakpoint
CREATE UNIQUE INDEX "challenge_ledger_reversed_once" ON "challenge_ledger" USING btree ("network_id","reverses_id");--> statement-breakpoint
CREATE INDEX "challenge_ledger_participant" ON "challenge_ledger" USING btree ("network_id","participant_id","id");--> statement-breakpoint
CREATE INDEX "challenge_ledger_result" ON "challenge_ledger" USING btree ("network_id","result_id");--> statement-breakpoint
CREATE INDEX "challenge_ledger_challenge" ON "challenge_ledger" USING btree ("network_id","challenge_id","id");--> statement-breakpoint
CREATE INDEX "challenge_objectives_contact" ON "challenge_objectives" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "challenge_objectives_site" ON "challenge_objectives" USING btree ("network_id","challenge_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "challenge_participants_once" ON "challenge_participants" USING btree ("network_id","challenge_id","subject_key");--> statement-breakpoint
CREATE INDEX "challenge_participants_site" ON "challenge_participants" USING btree ("network_id","challenge_id","site_id","id");--> statement-breakpoint
CREATE INDEX "challenge_participants_contact" ON "challenge_participants" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "challenge_results_once" ON "challenge_results" USING btree ("network_id","challenge_id","source_key","revision");--> statement-breakpoint
CREATE INDEX "challenge_results_day" ON "challenge_results" USING btree ("network_id","participant_id","criterion","done_on");--> statement-breakpoint
CREATE INDEX "challenge_results_reference" ON "challenge_results" USING btree ("network_id","challenge_id","reference");--> statement-breakpoint
CREATE INDEX "challenge_results_status" ON "challenge_results" USING btree ("network_id","challenge_id","status","id");--> statement-breakpoint
CREATE INDEX "challenge_sites_league" ON "challenge_sites" USING btree ("network_id","challenge_id","league","site_id");--> statement-breakpoint
CREATE INDEX "challenge_totals_ranking" ON "challenge_totals" USING btree ("network_id","challenge_id","criterion","points","participant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "challenges_campaign" ON "challenges" USING btree ("network_id","campaign_id");--> statement-breakpoint
CREATE INDEX "challenges_by_end" ON "challenges" USING btree ("network_id","ends_at","id");--> statement-breakpoint
CREATE INDEX "past_results_measure" ON "past_results" USING btree ("network_id","measure","month","subject_key");