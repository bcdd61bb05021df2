CREATE TABLE "silence_asks" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"erase_at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"ended_at" timestamp (3) with time zone,
	"asked_by" text NOT NULL,
	CONSTRAINT "silence_asks_network_id_contact_id_pk" PRIMARY KEY("network_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "site_engagements" (
	"network_id" text NOT NULL,
	"site_id" text NOT NULL,
	"profile" text NOT NULL,
	"channel" text NOT NULL,
	"s" double precision NOT NULL,
	"n" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "site_engagements_network_id_site_id_profile_channel_pk" PRIMARY KEY("network_id","site_id","profile","channel")
);
--> statement-breakpoint
ALTER TABLE "exposures" ADD COLUMN "site_id" text;--> statement-breakpoint
ALTER TABLE "silence_asks" ADD CONSTRAINT "silence_asks_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "site_engagements" ADD CONSTRAINT "site_engagements_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "silence_asks_due" ON "silence_asks" USING btree ("network_id","outcome","erase_at");--> statement-breakpoint
CREATE INDEX "exposures_site" ON "exposures" USING btree ("network_id","site_id");--> statement-breakpoint
UPDATE "exposures" SET "site_id" = "contacts"."site_id" FROM "contacts" WHERE "contacts"."network_id" = "exposures"."network_id" AND "contacts"."id" = "exposures"."contact_id";
