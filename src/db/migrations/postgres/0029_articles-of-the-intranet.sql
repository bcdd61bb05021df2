CREATE TABLE "articles" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"topic" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"author" text NOT NULL,
	"published_by" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"withdrawn_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "articles_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
DROP INDEX "arrivals_next";--> statement-breakpoint
ALTER TABLE "articles" ADD CONSTRAINT "articles_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "articles_published" ON "articles" USING btree ("network_id","published_at","id");