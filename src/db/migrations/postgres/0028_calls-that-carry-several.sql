CREATE TABLE "open_calls" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"members" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"taken_at" timestamp (3) with time zone,
	"provider_ref" text,
	CONSTRAINT "open_calls_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
ALTER TABLE "open_calls" ADD CONSTRAINT "open_calls_network_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE no action ON UPDATE no action;