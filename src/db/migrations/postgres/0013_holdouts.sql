CREATE TABLE "holdouts" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"site_id" text NOT NULL,
	CONSTRAINT "holdouts_network_id_campaign_id_site_id_pk" PRIMARY KEY("network_id","campaign_id","site_id")
);
--> statement-breakpoint
ALTER TABLE "holdouts" ADD CONSTRAINT "holdouts_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holdouts" ADD CONSTRAINT "holdouts_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE cascade ON UPDATE no action;