CREATE TABLE "experiments" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"step" text NOT NULL,
	"audience" integer NOT NULL,
	"share_millionths" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"winner" text,
	"figures" jsonb,
	CONSTRAINT "experiments_network_id_campaign_id_step_pk" PRIMARY KEY("network_id","campaign_id","step")
);
--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;