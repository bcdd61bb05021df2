CREATE TABLE "segment_checks" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "segment_checks_network_id_contact_id_pk" PRIMARY KEY("network_id","contact_id")
);
--> statement-breakpoint
ALTER TABLE "step_runs" ADD COLUMN "segments" jsonb;--> statement-breakpoint
ALTER TABLE "segment_checks" ADD CONSTRAINT "segment_checks_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "segment_checks_due" ON "segment_checks" USING btree ("network_id","due_at","contact_id");