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