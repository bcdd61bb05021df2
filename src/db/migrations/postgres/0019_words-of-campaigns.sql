CREATE TABLE "campaign_words" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"step" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"template" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "campaign_words_network_id_campaign_id_step_channel_language_pk" PRIMARY KEY("network_id","campaign_id","step","channel","language")
);
--> statement-breakpoint
DROP INDEX "challenge_results_reference";--> statement-breakpoint
ALTER TABLE "challenge_results" ADD COLUMN "reference_key" text collate "C";--> statement-breakpoint
ALTER TABLE "campaign_words" ADD CONSTRAINT "campaign_words_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "challenge_results_reference" ON "challenge_results" USING btree ("network_id","challenge_id","reference_key");