# The jobs that a Sidekiq process serves; the port stands in the environment.
require "sidekiq"

Redis.sadd_returns_boolean = false

Sidekiq.configure_server do |config|
  config.redis = { url: "redis://127.0.0.1:#{ENV.fetch("BROKER_PORT")}/0" }
  config.options[:poll_interval_average] = 0.1
end
Sidekiq.configure_client { |config| config.redis = { url: "redis://127.0.0.1:#{ENV.fetch("BROKER_PORT")}/0" } }

class Count
  include Sidekiq::Worker

  def perform(counter)
    Sidekiq.redis { |redis| redis.incr(counter) }
  end
end

class Stubborn
  include Sidekiq::Worker
  sidekiq_options retry: 3

  def perform
    tries = Sidekiq.redis { |redis| redis.incr("tries") }
    raise "not yet" if tries < 3
  end
end

class Hopeless
  include Sidekiq::Worker
  sidekiq_options retry: 0

  def perform
    raise "never"
  end
end

class Slow
  include Sidekiq::Worker

  def perform
    begun = Sidekiq.redis { |redis| redis.incr("slow-begun") }
    sleep 600 if begun == 1
    Sidekiq.redis { |redis| redis.set("slow-done", "yes") }
  end
end
