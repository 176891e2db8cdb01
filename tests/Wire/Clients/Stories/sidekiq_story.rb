# Sidekiq over Redis: jobs, bulks, jobs for later (a script finds them), retries, and a process that is told to end while it works.
ENV["BROKER_PORT"] = ARGV.fetch(0)
require_relative "sidekiq_jobs"
require "sidekiq/api"

PATIENCE = 60

def redis(&block) = Sidekiq.redis(&block)

def wait_until(complaint)
  deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + PATIENCE
  until yield
    raise complaint if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
    sleep 0.02
  end
end

# It is given three seconds to end: its idle threads wait two for a job, and would take what is given back.
def start_worker
  jobs = File.join(__dir__, "sidekiq_jobs.rb")
  sidekiq = Gem.bin_path("sidekiq", "sidekiq")
  Process.spawn(RbConfig.ruby, sidekiq, "-r", jobs, "-c", "5", "-t", "3", "-q", "default", in: File::NULL, out: File::NULL, err: File::NULL)
end

def stop(worker)
  Process.kill("TERM", worker)
  Process.wait(worker)
end

# Whatever waits for its next try is due: the pause before it is chosen at random, up to half a minute.
def hasten_retries
  redis { |r| r.zrange("retry", 0, -1).each { |job| r.zadd("retry", 0, job, xx: true) } }
end

def everyday
  20.times { Count.perform_async("now") }
  Count.perform_bulk(Array.new(200) { ["bulk"] })
  asked = Time.now.to_f
  30.times { |i| Count.perform_in(0.3 + i * 0.001, "later") }
  far = Count.perform_in(3600, "far")
  Stubborn.perform_async
  Hopeless.perform_async
  wait_until("the jobs are not done") do
    hasten_retries
    redis { |r| r.mget("now", "bulk", "later", "tries") } == %w[20 200 30 3]
  end
  raise "too early" if Time.now.to_f - asked < 0.3
  wait_until("what failed is not kept") { Sidekiq::Stats.new.failed == 3 }
  raise "the far job is gone" unless Sidekiq::ScheduledSet.new.map(&:jid) == [far]
end

def takeover(worker)
  Slow.perform_async
  wait_until("nobody begins") { redis { |r| r.get("slow-begun") } == "1" }
  stop(worker)
  left = Sidekiq::Queue.new.map(&:klass)
  raise "the job is lost, there is #{left}" unless left == ["Slow"]
  second = start_worker
  wait_until("nobody takes it over") { redis { |r| r.get("slow-done") } == "yes" }
  Process.kill("KILL", second)
  Process.wait(second)
end

worker = start_worker
begin
  everyday
  takeover(worker)
ensure
  Process.kill("KILL", worker) rescue nil
end
puts "done"
