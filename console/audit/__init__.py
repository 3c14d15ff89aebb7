"""What the auditor sees: every act, checks of the chain, and what each night forgot."""
