"""Where money meets the house: wallets and receipts of listeners, prices and splits of the artist."""
