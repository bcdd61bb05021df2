CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"per_minute" integer NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "api_keys_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"network_id" text NOT NULL,
	"user_id" text NOT NULL,
	"role" text NOT NULL,
	"scope" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_network_id_user_id_role_pk" PRIMARY KEY("network_id","user_id","role")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"language" text DEFAULT 'fr' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_versions" (
	"network_id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"source" text NOT NULL,
	"hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "campaign_versions_network_id_campaign_id_version_pk" PRIMARY KEY("network_id","campaign_id","version")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"title" jsonb NOT NULL,
	"class" text NOT NULL,
	"status" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"status_reason" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"launched_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "campaigns_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "content_versions" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"template" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"source" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "content_versions_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"campaign_id" text NOT NULL,
	"campaign_version" integer NOT NULL,
	"step" text NOT NULL,
	"position" integer NOT NULL,
	"occurrence" text NOT NULL,
	"class" text NOT NULL,
	"urgency" text NOT NULL,
	"intent" text NOT NULL,
	"template" text NOT NULL,
	"topic" text DEFAULT '' NOT NULL,
	"definition" jsonb NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "messages_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"network_id" text NOT NULL,
	"version" integer NOT NULL,
	"policy" jsonb NOT NULL,
	"hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "policies_network_id_version_pk" PRIMARY KEY("network_id","version")
);
--> statement-breakpoint
CREATE TABLE "step_runs" (
	"network_id" text NOT NULL,
	"message_id" text NOT NULL,
	"status" text NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"audience" integer DEFAULT 0 NOT NULL,
	"reached" integer DEFAULT 0 NOT NULL,
	"policy_version" integer,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "step_runs_network_id_message_id_pk" PRIMARY KEY("network_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"contact_id" text NOT NULL,
	"channel" text NOT NULL,
	"purpose" text NOT NULL,
	"action" text NOT NULL,
	"value" text NOT NULL,
	"basis" text NOT NULL,
	"wording_version" text,
	"wording_hash" text,
	"language" text,
	"source" text NOT NULL,
	"actor" text NOT NULL,
	"evidence_ref" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "consents_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"scope" text NOT NULL,
	"address_hash" text NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"sender_id" text DEFAULT '' NOT NULL,
	"topic" text DEFAULT '' NOT NULL,
	"reason" text NOT NULL,
	"source" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	CONSTRAINT "suppressions_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "tracking_choices" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"contact_id" text NOT NULL,
	"subject" text NOT NULL,
	"choice" text NOT NULL,
	"source" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tracking_choices_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "engagement_checkpoints" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"channel" text NOT NULL,
	"s" double precision NOT NULL,
	"n" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"exposures" integer NOT NULL,
	"actions" integer NOT NULL,
	"misses" integer NOT NULL,
	"first_exposure_at" timestamp (3) with time zone,
	"last_action_at" timestamp (3) with time zone,
	CONSTRAINT "engagement_checkpoints_network_id_contact_id_channel_pk" PRIMARY KEY("network_id","contact_id","channel")
);
--> statement-breakpoint
CREATE TABLE "engagements" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"channel" text NOT NULL,
	"s" double precision NOT NULL,
	"n" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"exposures" integer NOT NULL,
	"actions" integer NOT NULL,
	"misses" integer NOT NULL,
	"first_exposure_at" timestamp (3) with time zone,
	"last_action_at" timestamp (3) with time zone,
	CONSTRAINT "engagements_network_id_contact_id_channel_pk" PRIMARY KEY("network_id","contact_id","channel")
);
--> statement-breakpoint
CREATE TABLE "exposures" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"channel" text NOT NULL,
	"profile" text NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"mature_at" timestamp (3) with time zone NOT NULL,
	"is_measurable" boolean NOT NULL,
	"outcome" text NOT NULL,
	"outcome_at" timestamp (3) with time zone,
	"classifier_version" text NOT NULL,
	CONSTRAINT "exposures_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "group_engagements" (
	"network_id" text NOT NULL,
	"profile" text NOT NULL,
	"channel" text NOT NULL,
	"s" double precision NOT NULL,
	"n" double precision NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "group_engagements_network_id_profile_channel_pk" PRIMARY KEY("network_id","profile","channel")
);
--> statement-breakpoint
CREATE TABLE "broadcasts" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"message_id" text NOT NULL,
	"site_id" text NOT NULL,
	"recipient_key" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone,
	"shown_at" timestamp (3) with time zone,
	"read_at" timestamp (3) with time zone,
	"read_by" text,
	"options" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "broadcasts_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "posts" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"message_id" text NOT NULL,
	"recipient_key" text NOT NULL,
	"access_level" text NOT NULL,
	"language" text NOT NULL,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"closes_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "posts_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "addresses" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"normalised" text,
	"hash" text NOT NULL,
	"status" text DEFAULT 'valid' NOT NULL,
	"status_reason" text,
	"is_shared" boolean DEFAULT false NOT NULL,
	"country" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "addresses_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "contact_addresses" (
	"network_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"address_id" text NOT NULL,
	"kind" text NOT NULL,
	"rank" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "contact_addresses_network_id_contact_id_address_id_pk" PRIMARY KEY("network_id","contact_id","address_id")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"site_id" text NOT NULL,
	"external_id" text,
	"identity_key" text NOT NULL,
	"salutation" text,
	"first_name" text,
	"last_name" text,
	"function" text,
	"profile" text NOT NULL,
	"is_profile_derived" boolean DEFAULT false NOT NULL,
	"language" text NOT NULL,
	"preferred_channel" text,
	"is_correspondent" boolean DEFAULT false NOT NULL,
	"last_activity_on" text,
	"attributes" jsonb NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"erased_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "contacts_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"file_name" text NOT NULL,
	"file_hash" text NOT NULL,
	"status" text NOT NULL,
	"basis" text,
	"mapping" jsonb NOT NULL,
	"counts" jsonb,
	"rejects_path" text,
	"error" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "imports_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "mappings" (
	"network_id" text NOT NULL,
	"headers_hash" text NOT NULL,
	"columns" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mappings_network_id_headers_hash_pk" PRIMARY KEY("network_id","headers_hash")
);
--> statement-breakpoint
CREATE TABLE "networks" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"name" text NOT NULL,
	"title" text NOT NULL,
	"mode" text NOT NULL,
	"is_demo" boolean DEFAULT false NOT NULL,
	"clock_offset_ms" bigint DEFAULT 0 NOT NULL,
	"country" text DEFAULT 'FR' NOT NULL,
	"language" text DEFAULT 'fr' NOT NULL,
	"timezone" text DEFAULT 'Europe/Paris' NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"settings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "senders" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"channel" text NOT NULL,
	"name" text NOT NULL,
	"provider" text NOT NULL,
	"credentials_ref" text,
	"address" text,
	"is_two_way" boolean DEFAULT false NOT NULL,
	"countries" jsonb NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "senders_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "sites" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"typology" text,
	"tier" text,
	"address_line1" text,
	"address_line2" text,
	"postcode" text,
	"city" text,
	"country" text NOT NULL,
	"region" text NOT NULL,
	"timezone" text NOT NULL,
	"mailbox_address_id" text,
	"postal_address_id" text,
	"opening_hours" jsonb,
	"attributes" jsonb NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sites_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "stations" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"site_id" text NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stations_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"network_id" text,
	"seq" integer NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"network_id" text NOT NULL,
	"caller" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_network_id_caller_key_pk" PRIMARY KEY("network_id","caller","key")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"payload" jsonb NOT NULL,
	"cursor" text,
	"done" integer DEFAULT 0 NOT NULL,
	"total" integer,
	"error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "jobs_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"network_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"number" integer NOT NULL,
	"worker" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text,
	"code" text,
	"detail" text,
	"provider" text,
	"provider_ref" text,
	CONSTRAINT "attempts_network_id_delivery_id_number_pk" PRIMARY KEY("network_id","delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"network_id" text NOT NULL,
	"message_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"occurrence" text NOT NULL,
	"outcome" text NOT NULL,
	"channel" text,
	"at" timestamp (3) with time zone,
	"because" jsonb NOT NULL,
	"trace" jsonb NOT NULL,
	"fallbacks" jsonb NOT NULL,
	"policy_version" integer NOT NULL,
	"seed" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "decisions_network_id_message_id_contact_id_occurrence_pk" PRIMARY KEY("network_id","message_id","contact_id","occurrence")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"message_id" text NOT NULL,
	"recipient_key" text NOT NULL,
	"channel" text NOT NULL,
	"occurrence" text NOT NULL,
	"status" text NOT NULL,
	"class" text NOT NULL,
	"priority" integer NOT NULL,
	"address_id" text,
	"sender_id" text,
	"due_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"reason" text,
	"is_companion" boolean DEFAULT false NOT NULL,
	"fallback_of" text,
	"provider" text,
	"provider_ref" text,
	"attempt" integer DEFAULT 0 NOT NULL,
	"doubts" integer DEFAULT 0 NOT NULL,
	"claimed_by" text,
	"lease_until" timestamp (3) with time zone,
	"content_version_id" text,
	"merge_values" jsonb,
	"tracking_mode" text,
	"token_key_id" text,
	"renderer_version" text,
	"content_hash" text,
	"parts" integer,
	"cost_millis" bigint DEFAULT 0 NOT NULL,
	"currency" text NOT NULL,
	"is_receipt_missing" boolean DEFAULT false NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "delivery_members" (
	"network_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"contact_id" text NOT NULL,
	CONSTRAINT "delivery_members_network_id_delivery_id_contact_id_pk" PRIMARY KEY("network_id","delivery_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "pressures" (
	"network_id" text NOT NULL,
	"subject_key" text NOT NULL,
	"version" integer NOT NULL,
	"touches" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pressures_network_id_subject_key_pk" PRIMARY KEY("network_id","subject_key")
);
--> statement-breakpoint
CREATE TABLE "rendered_contents" (
	"network_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"body" "bytea" NOT NULL,
	"keep_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rendered_contents_network_id_delivery_id_pk" PRIMARY KEY("network_id","delivery_id")
);
--> statement-breakpoint
CREATE TABLE "spends" (
	"network_id" text NOT NULL,
	"day" text NOT NULL,
	"channel" text NOT NULL,
	"currency" text NOT NULL,
	"cost_millis" bigint NOT NULL,
	"deliveries" integer NOT NULL,
	CONSTRAINT "spends_network_id_day_channel_currency_pk" PRIMARY KEY("network_id","day","channel","currency")
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"occurrence" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"payload" jsonb NOT NULL,
	"fired_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "timers_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "batches" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"number" text NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"message_id" text NOT NULL,
	"status" text NOT NULL,
	"pieces" integer NOT NULL,
	"pages" integer NOT NULL,
	"sha256" text,
	"path" text,
	"lease_until" timestamp (3) with time zone,
	"job" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "batches_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "pieces" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"message_id" text NOT NULL,
	"batch_id" text,
	"seq" integer,
	"status" text NOT NULL,
	"reason" text,
	"address_lines" jsonb NOT NULL,
	"postcode" text NOT NULL,
	"country" text NOT NULL,
	"first_page" integer,
	"pages" integer,
	"content_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pieces_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "segment_members" (
	"network_id" text NOT NULL,
	"segment_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "segment_members_network_id_segment_id_contact_id_pk" PRIMARY KEY("network_id","segment_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"title" jsonb NOT NULL,
	"rule" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "segments_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"type" text NOT NULL,
	"delivery_id" text,
	"message_id" text,
	"contact_id" text,
	"site_id" text,
	"channel" text,
	"dedupe_key" text NOT NULL,
	"inbound_event_id" text,
	"verdict" text,
	"classifier_version" text,
	"data" jsonb NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "events_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
CREATE TABLE "inbound_events" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"network_id" text,
	"body" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"applied_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "links" (
	"network_id" text NOT NULL,
	"id" text NOT NULL,
	"message_id" text NOT NULL,
	"delivery_id" text,
	"code" text,
	"kind" text NOT NULL,
	"url" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	CONSTRAINT "links_network_id_id_pk" PRIMARY KEY("network_id","id")
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_versions" ADD CONSTRAINT "campaign_versions_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "content_versions" ADD CONSTRAINT "content_versions_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_campaign_fk" FOREIGN KEY ("network_id","campaign_id") REFERENCES "public"."campaigns"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step_runs" ADD CONSTRAINT "step_runs_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tracking_choices" ADD CONSTRAINT "tracking_choices_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "engagements" ADD CONSTRAINT "engagements_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exposures" ADD CONSTRAINT "exposures_delivery_fk" FOREIGN KEY ("network_id","delivery_id") REFERENCES "public"."deliveries"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exposures" ADD CONSTRAINT "exposures_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "posts" ADD CONSTRAINT "posts_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_address_fk" FOREIGN KEY ("network_id","address_id") REFERENCES "public"."addresses"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mappings" ADD CONSTRAINT "mappings_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "senders" ADD CONSTRAINT "senders_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sites" ADD CONSTRAINT "sites_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stations" ADD CONSTRAINT "stations_site_fk" FOREIGN KEY ("network_id","site_id") REFERENCES "public"."sites"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_delivery_fk" FOREIGN KEY ("network_id","delivery_id") REFERENCES "public"."deliveries"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_members" ADD CONSTRAINT "delivery_members_delivery_fk" FOREIGN KEY ("network_id","delivery_id") REFERENCES "public"."deliveries"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_members" ADD CONSTRAINT "delivery_members_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pressures" ADD CONSTRAINT "pressures_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rendered_contents" ADD CONSTRAINT "rendered_contents_delivery_fk" FOREIGN KEY ("network_id","delivery_id") REFERENCES "public"."deliveries"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spends" ADD CONSTRAINT "spends_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timers" ADD CONSTRAINT "timers_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "batches" ADD CONSTRAINT "batches_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pieces" ADD CONSTRAINT "pieces_delivery_fk" FOREIGN KEY ("network_id","delivery_id") REFERENCES "public"."deliveries"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segment_members" ADD CONSTRAINT "segment_members_segment_fk" FOREIGN KEY ("network_id","segment_id") REFERENCES "public"."segments"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segment_members" ADD CONSTRAINT "segment_members_contact_fk" FOREIGN KEY ("network_id","contact_id") REFERENCES "public"."contacts"("network_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_network_id_networks_id_fk" FOREIGN KEY ("network_id") REFERENCES "public"."networks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_message_fk" FOREIGN KEY ("network_id","message_id") REFERENCES "public"."messages"("network_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_provider" ON "accounts" USING btree ("provider_id","account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token" ON "sessions" USING btree ("token");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "campaigns_name" ON "campaigns" USING btree ("network_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "content_versions_hash" ON "content_versions" USING btree ("network_id","template","channel","language","hash");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_once" ON "messages" USING btree ("network_id","campaign_id","step","occurrence");--> statement-breakpoint
CREATE INDEX "step_runs_status" ON "step_runs" USING btree ("status","network_id");--> statement-breakpoint
CREATE INDEX "consents_contact" ON "consents" USING btree ("network_id","contact_id","channel","purpose","occurred_at");--> statement-breakpoint
CREATE UNIQUE INDEX "suppressions_once" ON "suppressions" USING btree ("network_id","address_hash","scope","channel","sender_id","topic");--> statement-breakpoint
CREATE INDEX "tracking_choices_contact" ON "tracking_choices" USING btree ("network_id","contact_id","subject","occurred_at");--> statement-breakpoint
CREATE UNIQUE INDEX "exposures_once" ON "exposures" USING btree ("network_id","delivery_id","contact_id");--> statement-breakpoint
CREATE INDEX "exposures_mature" ON "exposures" USING btree ("network_id","outcome","mature_at");--> statement-breakpoint
CREATE INDEX "exposures_contact" ON "exposures" USING btree ("network_id","contact_id","channel","sent_at");--> statement-breakpoint
CREATE UNIQUE INDEX "broadcasts_delivery" ON "broadcasts" USING btree ("network_id","delivery_id");--> statement-breakpoint
CREATE INDEX "broadcasts_site" ON "broadcasts" USING btree ("network_id","site_id","read_at");--> statement-breakpoint
CREATE UNIQUE INDEX "posts_delivery" ON "posts" USING btree ("network_id","delivery_id");--> statement-breakpoint
CREATE INDEX "posts_recipient" ON "posts" USING btree ("network_id","recipient_key","published_at");--> statement-breakpoint
CREATE UNIQUE INDEX "addresses_hash" ON "addresses" USING btree ("network_id","hash");--> statement-breakpoint
CREATE INDEX "contact_addresses_address" ON "contact_addresses" USING btree ("network_id","address_id");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_identity" ON "contacts" USING btree ("network_id","identity_key");--> statement-breakpoint
CREATE INDEX "contacts_site" ON "contacts" USING btree ("network_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "networks_name" ON "networks" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "networks_number" ON "networks" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "senders_name" ON "senders" USING btree ("network_id","channel","name");--> statement-breakpoint
CREATE UNIQUE INDEX "sites_external" ON "sites" USING btree ("network_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "stations_token" ON "stations" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "stations_site" ON "stations" USING btree ("network_id","site_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_entries_seq" ON "audit_entries" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "audit_entries_network" ON "audit_entries" USING btree ("network_id","at");--> statement-breakpoint
CREATE INDEX "jobs_status" ON "jobs" USING btree ("status","created_at");--> statement-breakpoint
CREATE INDEX "attempts_ref" ON "attempts" USING btree ("provider","provider_ref");--> statement-breakpoint
CREATE INDEX "decisions_contact" ON "decisions" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" USING btree ("network_id","message_id","recipient_key","channel","occurrence");--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("network_id","status","priority","due_at");--> statement-breakpoint
CREATE INDEX "deliveries_recipient" ON "deliveries" USING btree ("network_id","recipient_key");--> statement-breakpoint
CREATE INDEX "delivery_members_contact" ON "delivery_members" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE INDEX "rendered_contents_keep" ON "rendered_contents" USING btree ("network_id","keep_until");--> statement-breakpoint
CREATE UNIQUE INDEX "timers_once" ON "timers" USING btree ("network_id","kind","subject","occurrence");--> statement-breakpoint
CREATE INDEX "timers_due" ON "timers" USING btree ("network_id","fired_at","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "batches_number" ON "batches" USING btree ("network_id","number","revision");--> statement-breakpoint
CREATE UNIQUE INDEX "pieces_delivery" ON "pieces" USING btree ("network_id","delivery_id");--> statement-breakpoint
CREATE INDEX "pieces_batch" ON "pieces" USING btree ("network_id","batch_id","seq");--> statement-breakpoint
CREATE INDEX "pieces_waiting" ON "pieces" USING btree ("network_id","status","message_id");--> statement-breakpoint
CREATE INDEX "segment_members_contact" ON "segment_members" USING btree ("network_id","contact_id");--> statement-breakpoint
CREATE UNIQUE INDEX "segments_name" ON "segments" USING btree ("network_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "events_once" ON "events" USING btree ("network_id","dedupe_key");--> statement-breakpoint
CREATE INDEX "events_contact" ON "events" USING btree ("network_id","contact_id","occurred_at");--> statement-breakpoint
CREATE INDEX "events_delivery" ON "events" USING btree ("network_id","delivery_id");--> statement-breakpoint
CREATE INDEX "events_message" ON "events" USING btree ("network_id","message_id","type");--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_events_once" ON "inbound_events" USING btree ("source","dedupe_key");--> statement-breakpoint
CREATE INDEX "inbound_events_pending" ON "inbound_events" USING btree ("applied_at","attempts","received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "links_code" ON "links" USING btree ("code");--> statement-breakpoint
CREATE INDEX "links_message" ON "links" USING btree ("network_id","message_id");