CREATE TABLE "prizes" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"kind" text NOT NULL,
	"title" jsonb NOT NULL,
	"value_cents" bigint NOT NULL,
	"stock" integer,
	"given" integer DEFAULT 0 NOT NULL,
	"is_retired" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "prizes_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "reward_beneficiaries" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"regime" text NOT NULL,
	"is_customer_facing" boolean NOT NULL,
	"is_same_group" boolean NOT NULL,
	"said_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reward_beneficiaries_network_id_contact_id_pk" PRIMARY KEY("network_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "reward_budgets" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"cap_cents" bigint NOT NULL,
	"committed_cents" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "reward_budgets_network_id_challenge_id_pk" PRIMARY KEY("network_id","challenge_id")
);
--> statement-breakpoint
CREATE TABLE "rewards" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"prize_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"payer" text NOT NULL,
	"kind" text NOT NULL,
	"title" jsonb NOT NULL,
	"value_cents" bigint NOT NULL,
	"year" integer NOT NULL,
	"status" text NOT NULL,
	"request_key" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"awarded_by" text NOT NULL,
	"awarded_at" timestamp (3) with time zone NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"canceled_at" timestamp (3) with time zone,
	"cancel_reason" text,
	CONSTRAINT "rewards_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "simulations" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign" text NOT NULL,
	"rules_hash" text NOT NULL,
	"data_hash" text NOT NULL,
	"people" integer NOT NULL,
	"reached" integer NOT NULL,
	"figures" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_reason" text,
	"confirmed_by" text,
	"confirmed_at" timestamp (3) with time zone,
	CONSTRAINT "simulations_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "challenge_standings" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"board" text NOT NULL,
	"subject_key" text collate "C" NOT NULL,
	"league" integer NOT NULL,
	"points" bigint NOT NULL,
	"progress" bigint NOT NULL,
	"reached_at" timestamp (3) with time zone NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "challenge_standings_network_id_challenge_id_board_subject_key_pk" PRIMARY KEY("network_id","challenge_id","board","subject_key")
);
--> statement-breakpoint
CREATE TABLE "challenge_closings" (
	"network_id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"provisional_at" timestamp (3) with time zone NOT NULL,
	"claims_until" timestamp (3) with time zone NOT NULL,
	"approved_at" timestamp (3) with time zone,
	"approved_by" text,
	"provisional_by" text NOT NULL,
	CONSTRAINT "challenge_closings_network_id_challenge_id_pk" PRIMARY KEY("network_id","challenge_id")
);
--> statement-breakpoint
CREATE TABLE "image_consents" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"action" text NOT NULL,
	"wording_version" text NOT NULL,
	"signed_name" text NOT NULL,
	"source" text NOT NULL,
	"said_by" text NOT NULL,
	"said_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "image_consents_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "winner_claims" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"text" text NOT NULL,
	"status" text NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"answer" text,
	"answered_by" text,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "winner_claims_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "winner_pictures" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"kind" text NOT NULL,
	"file_id" text,
	"url" text,
	"caption" jsonb NOT NULL,
	"published_at" timestamp (3) with time zone,
	"taken_down_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "winner_pictures_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "winners" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"challenge_id" text NOT NULL,
	"board" text NOT NULL,
	"by" text NOT NULL,
	"league" integer NOT NULL,
	"place" integer NOT NULL,
	"subject_key" text NOT NULL,
	"contact_id" text,
	"site_id" text,
	"score" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "winners_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
ALTER TABLE "prizes" ADD CONSTRAINT "prizes_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reward_beneficiaries" ADD CONSTRAINT "reward_beneficiaries_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reward_budgets" ADD CONSTRAINT "reward_budgets_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rewards" ADD CONSTRAINT "rewards_prize_fk" FOREIGN KEY ("network_id","prize_id") REFERENCES "public"."prizes"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rewards" ADD CONSTRAINT "rewards_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "simulations" ADD CONSTRAINT "simulations_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_standings" ADD CONSTRAINT "challenge_standings_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "challenge_closings" ADD CONSTRAINT "challenge_closings_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_consents" ADD CONSTRAINT "image_consents_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "image_consents" ADD CONSTRAINT "image_consents_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winner_claims" ADD CONSTRAINT "winner_claims_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winner_claims" ADD CONSTRAINT "winner_claims_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winner_pictures" ADD CONSTRAINT "winner_pictures_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winner_pictures" ADD CONSTRAINT "winner_pictures_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winners" ADD CONSTRAINT "winners_challenge_fk" FOREIGN KEY ("network_id","challenge_id") REFERENCES "public"."challenges"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winners" ADD CONSTRAINT "winners_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "winners" ADD CONSTRAINT "winners_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "prizes_challenge" ON "prizes" USING btree ("network_id","challenge_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "rewards_once" ON "rewards" USING btree ("network_id","challenge_id","request_key");--> statement-breakpoint
CREATE INDEX "rewards_year" ON "rewards" USING btree ("network_id","year","contact_id","payer");--> statement-breakpoint
CREATE INDEX "rewards_contact" ON "rewards" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "rewards_prize" ON "rewards" USING btree ("network_id","prize_id");--> statement-breakpoint
CREATE UNIQUE INDEX "simulations_once" ON "simulations" USING btree ("network_id","campaign","rules_hash","data_hash");--> statement-breakpoint
CREATE INDEX "simulations_campaign" ON "simulations" USING btree ("network_id","campaign","created_at");--> statement-breakpoint
CREATE INDEX "challenge_standings_points" ON "challenge_standings" USING btree ("network_id","challenge_id","board","league","points","reached_at","name_key","subject_key");--> statement-breakpoint
CREATE INDEX "challenge_standings_progress" ON "challenge_standings" USING btree ("network_id","challenge_id","board","league","progress","reached_at","name_key","subject_key");--> statement-breakpoint
CREATE INDEX "image_consents_contact" ON "image_consents" USING btree ("network_id","contact_id","challenge_id","id");--> statement-breakpoint
CREATE INDEX "winner_claims_challenge" ON "winner_claims" USING btree ("network_id","challenge_id","status","id");--> statement-breakpoint
CREATE INDEX "winner_claims_contact" ON "winner_claims" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "winner_pictures_contact" ON "winner_pictures" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "winner_pictures_challenge" ON "winner_pictures" USING btree ("network_id","challenge_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "winners_place" ON "winners" USING btree ("network_id","challenge_id","board","by","league","place");--> statement-breakpoint
CREATE INDEX "winners_contact" ON "winners" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "winners_site" ON "winners" USING btree ("network_id","site_id");