using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Ruby's most used queue of jobs.</summary>
public sealed class SidekiqTests
{
    [Fact]
    public void Every_job_is_done_also_when_its_process_is_told_to_end()
    {
        string ruby = Interpreters.Ruby("sidekiq");
        using TestServer server = TestServer.Start();
        ClientProgram.Tell(ruby, "sidekiq_story.rb", server);
    }
}
