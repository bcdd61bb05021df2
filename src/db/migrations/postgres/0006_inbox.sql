CREATE TABLE "conversation_messages" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"direction" text NOT NULL,
	"text" text NOT NULL,
	"subject" text,
	"at" timestamp (3) with time zone NOT NULL,
	"author_id" text,
	"delivery_id" text,
	"inbound_event_id" text,
	"handled_as" text,
	"details" jsonb NOT NULL,
	"dedupe_key" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "conversation_messages_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"channel" text NOT NULL,
	"address" text collate "C" NOT NULL,
	"address_id" text,
	"contact_id" text,
	"site_id" text,
	"sender_id" text,
	"status" text NOT NULL,
	"assigned_to" text,
	"unread" integer DEFAULT 0 NOT NULL,
	"excerpt" text DEFAULT '' NOT NULL,
	"last_direction" text NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"delivery_id" text,
	"campaign_id" text,
	"closed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "conversations_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "saved_answers" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"text" jsonb NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "saved_answers_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
ALTER TABLE "conversation_messages" ADD CONSTRAINT "conversation_messages_conversation_fk" FOREIGN KEY ("network_id","conversation_id") REFERENCES "public"."conversations"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_assigned_to_users_id_fk" FOREIGN KEY ("assigned_to") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saved_answers" ADD CONSTRAINT "saved_answers_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "conversation_messages_once" ON "conversation_messages" USING btree ("network_id","dedupe_key");--> statement-breakpoint
CREATE INDEX "conversation_messages_thread" ON "conversation_messages" USING btree ("network_id","conversation_id","at","id");--> statement-breakpoint
CREATE INDEX "conversation_messages_delivery" ON "conversation_messages" USING btree ("network_id","delivery_id");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_once" ON "conversations" USING btree ("network_id","channel","address");--> statement-breakpoint
CREATE INDEX "conversations_by_date" ON "conversations" USING btree ("network_id","status","last_at","id");--> statement-breakpoint
CREATE INDEX "conversations_assigned" ON "conversations" USING btree ("network_id","assigned_to","status","last_at","id");--> statement-breakpoint
CREATE INDEX "conversations_contact" ON "conversations" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "conversations_campaign" ON "conversations" USING btree ("network_id","campaign_id","last_at","id");--> statement-breakpoint
CREATE INDEX "conversations_unread" ON "conversations" USING btree ("network_id","site_id") WHERE unread > 0;--> statement-breakpoint
CREATE UNIQUE INDEX "saved_answers_name" ON "saved_answers" USING btree ("network_id","name");