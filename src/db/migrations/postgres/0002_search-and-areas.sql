DROP INDEX "contacts_site";--> statement-breakpoint
DROP INDEX "sites_by_city";--> statement-breakpoint
ALTER TABLE "addresses" ALTER COLUMN "normalised" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "name_key" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "name_key" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "given_key" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "contacts" ALTER COLUMN "given_key" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "sites" ALTER COLUMN "external_id" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "sites" ALTER COLUMN "name_key" SET DATA TYPE text collate "C";--> statement-breakpoint
ALTER TABLE "sites" ALTER COLUMN "name_key" SET DEFAULT '';--> statement-breakpoint
ALTER TABLE "sites" ADD COLUMN "city_key" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "addresses_shared" ON "addresses" USING btree ("network_id","id") WHERE is_shared and kind = 'email';--> statement-breakpoint
CREATE INDEX "contacts_set_aside" ON "contacts" USING btree ("network_id","name_key","id") WHERE not is_active;--> statement-breakpoint
CREATE INDEX "sites_by_mailbox" ON "sites" USING btree ("network_id","mailbox_address_id");--> statement-breakpoint
CREATE INDEX "sites_by_letterbox" ON "sites" USING btree ("network_id","postal_address_id");--> statement-breakpoint
CREATE INDEX "contacts_site" ON "contacts" USING btree ("network_id","site_id","name_key","id");--> statement-breakpoint
CREATE INDEX "sites_by_city" ON "sites" USING btree ("network_id","city_key","id");