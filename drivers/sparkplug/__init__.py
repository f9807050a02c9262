"""MQTT Sparkplug B: edge nodes publish metrics through a broker, and say when they are born and when they die."""
