CREATE TABLE "campaign_counts" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"channel" text NOT NULL,
	"shard" integer NOT NULL,
	"sent" integer DEFAULT 0 NOT NULL,
	"bounced" integer DEFAULT 0 NOT NULL,
	"complained" integer DEFAULT 0 NOT NULL,
	"filtered" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "campaign_counts_network_id_campaign_id_channel_shard_pk" PRIMARY KEY("network_id","campaign_id","channel","shard")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "status_figures" jsonb;--> statement-breakpoint
ALTER TABLE "campaign_counts" ADD CONSTRAINT "campaign_counts_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inbound_events_heard" ON "inbound_events" USING btree ("source","received_at");