CREATE TABLE "identity_aliases" (
	"network_id" text NOT NULL,
	"identity_key" text NOT NULL,
	"contact_id" text NOT NULL,
	"former_id" text NOT NULL,
	"merged_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "identity_aliases_network_id_identity_key_pk" PRIMARY KEY("network_id","identity_key")
);
--> statement-breakpoint
ALTER TABLE "identity_aliases" ADD CONSTRAINT "identity_aliases_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "identity_aliases_contact" ON "identity_aliases" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "identity_aliases_former" ON "identity_aliases" USING btree ("network_id","former_id");