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
CREATE UNIQUE INDEX "approvals_round" ON "approvals" USING btree ("network_id","campaign_id","round");--> statement-breakpoint
CREATE INDEX "campaign_changes_campaign" ON "campaign_changes" USING btree ("network_id","campaign_id","status");--> statement-breakpoint
CREATE UNIQUE INDEX "proof_items_once" ON "proof_items" USING btree ("network_id","proof_id","step","channel","language","sample","seed_id");--> statement-breakpoint
CREATE UNIQUE INDEX "proofs_once" ON "proofs" USING btree ("network_id","campaign_id","hash");--> statement-breakpoint
CREATE UNIQUE INDEX "seed_addresses_once" ON "seed_addresses" USING btree ("network_id","value");