CREATE TABLE "arrivals" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"message_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"kind" text NOT NULL,
	"occurrence" text NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"cause_at" timestamp (3) with time zone NOT NULL,
	"cause" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	"reason" text,
	"decided_as" text,
	"settled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "arrivals_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "contact_dates" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"attribute" text NOT NULL,
	"day" text NOT NULL,
	"month_day" text NOT NULL,
	CONSTRAINT "contact_dates_network_id_contact_id_attribute_pk" PRIMARY KEY("network_id","contact_id","attribute")
);
--> statement-breakpoint
CREATE TABLE "journeys" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"round" integer NOT NULL,
	"state" text NOT NULL,
	"cause_key" text NOT NULL,
	"cause" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"left_for" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journeys_network_id_campaign_id_contact_id_round_pk" PRIMARY KEY("network_id","campaign_id","contact_id","round")
);
--> statement-breakpoint
CREATE TABLE "proposal_members" (
	"network_id" text NOT NULL,
	"proposal_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"group_name" text NOT NULL,
	CONSTRAINT "proposal_members_network_id_proposal_id_contact_id_pk" PRIMARY KEY("network_id","proposal_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"message_id" text NOT NULL,
	"occurrence" text NOT NULL,
	"state" text NOT NULL,
	"cause" jsonb NOT NULL,
	"figures" jsonb NOT NULL,
	"proposed_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "proposals_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"message_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"site_id" text NOT NULL,
	"occurrence" text NOT NULL,
	"kind" text NOT NULL,
	"assignee_id" text,
	"correspondent_id" text,
	"note" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"outcome" text,
	"remark" text DEFAULT '' NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone,
	"done_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tasks_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "watches" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"message_id" text DEFAULT '' NOT NULL,
	"role" text NOT NULL,
	"kind" text NOT NULL,
	"key" text DEFAULT '' NOT NULL,
	CONSTRAINT "watches_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
ALTER TABLE "arrivals" ADD CONSTRAINT "arrivals_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "arrivals" ADD CONSTRAINT "arrivals_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_dates" ADD CONSTRAINT "contact_dates_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journeys" ADD CONSTRAINT "journeys_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journeys" ADD CONSTRAINT "journeys_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_members" ADD CONSTRAINT "proposal_members_proposal_fk" FOREIGN KEY ("network_id","proposal_id") REFERENCES "public"."proposals"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_members" ADD CONSTRAINT "proposal_members_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watches" ADD CONSTRAINT "watches_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "arrivals_once" ON "arrivals" USING btree ("network_id","message_id","contact_id","kind","occurrence");--> statement-breakpoint
CREATE INDEX "arrivals_due" ON "arrivals" USING btree ("network_id","message_id","state","due_at","id");--> statement-breakpoint
CREATE INDEX "arrivals_next" ON "arrivals" USING btree ("network_id","state","due_at");--> statement-breakpoint
CREATE INDEX "arrivals_contact" ON "arrivals" USING btree ("network_id","contact_id","campaign_id","state");--> statement-breakpoint
CREATE INDEX "contact_dates_day" ON "contact_dates" USING btree ("network_id","attribute","day","contact_id");--> statement-breakpoint
CREATE INDEX "contact_dates_yearly" ON "contact_dates" USING btree ("network_id","attribute","month_day","contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "journeys_cause" ON "journeys" USING btree ("network_id","campaign_id","contact_id","cause_key");--> statement-breakpoint
CREATE INDEX "journeys_contact" ON "journeys" USING btree ("network_id","contact_id","campaign_id");--> statement-breakpoint
CREATE INDEX "journeys_state" ON "journeys" USING btree ("network_id","campaign_id","state","contact_id");--> statement-breakpoint
CREATE INDEX "proposal_members_contact" ON "proposal_members" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "proposals_once" ON "proposals" USING btree ("network_id","message_id","occurrence");--> statement-breakpoint
CREATE INDEX "proposals_state" ON "proposals" USING btree ("network_id","state","proposed_at","id");--> statement-breakpoint
CREATE INDEX "proposals_campaign" ON "proposals" USING btree ("network_id","campaign_id","proposed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_once" ON "tasks" USING btree ("network_id","message_id","contact_id","occurrence");--> statement-breakpoint
CREATE INDEX "tasks_open" ON "tasks" USING btree ("network_id","status","due_at","id");--> statement-breakpoint
CREATE INDEX "tasks_assignee" ON "tasks" USING btree ("network_id","assignee_id","status","due_at","id");--> statement-breakpoint
CREATE INDEX "tasks_contact" ON "tasks" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "tasks_campaign" ON "tasks" USING btree ("network_id","campaign_id","status");--> statement-breakpoint
CREATE UNIQUE INDEX "watches_once" ON "watches" USING btree ("network_id","campaign_id","message_id","role","kind","key");--> statement-breakpoint
CREATE INDEX "watches_kind" ON "watches" USING btree ("network_id","kind","key");