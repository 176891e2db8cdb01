using System.Diagnostics;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// Publishers that take turns, and subscribers of one channel. While the server works on one publisher's batch, the messages of the batch
/// before are received, so that it never waits. All messages have the same size: they are counted by their bytes.
/// </summary>
internal sealed class PublishRing : IDisposable
{
    private const int PublisherCount = 2;
    private const string Channel = "news";

    private readonly PipeConnection[] publishers;
    private readonly PipeConnection[] subscribers;
    private readonly byte[] batch;
    private readonly int messagesPerBatch;
    private readonly long bytesPerBatch;

    public PublishRing(int port, int subscriberCount, int messagesPerBatch, int messageSize)
    {
        this.messagesPerBatch = messagesPerBatch;
        string message = new('x', messageSize);
        batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            $"*3\r\n$7\r\nPUBLISH\r\n${Channel.Length}\r\n{Channel}\r\n${messageSize}\r\n{message}\r\n", messagesPerBatch)));
        bytesPerBatch = messagesPerBatch
            * (long)$"*3\r\n$7\r\nmessage\r\n${Channel.Length}\r\n{Channel}\r\n${messageSize}\r\n{message}\r\n".Length;
        publishers = [.. Enumerable.Range(0, PublisherCount).Select(_ => new PipeConnection(port))];
        subscribers = [.. Enumerable.Range(0, subscriberCount).Select(_ => new PipeConnection(port))];
        foreach (PipeConnection subscriber in subscribers)
        {
            subscriber.Send(Encoding.ASCII.GetBytes($"SUBSCRIBE {Channel}\r\n"));
            subscriber.ReadReplies(1);
        }
    }

    /// <summary>Publishes so many batches; returns how long that took to the last message received.</summary>
    public TimeSpan Run(int batchCount)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i <= batchCount; i++)
        {
            if (i < batchCount)
                publishers[i % PublisherCount].Send(batch);
            if (i > 0)
                Receive(publishers[(i - 1) % PublisherCount]);
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose()
    {
        foreach (PipeConnection connection in publishers.Concat(subscribers))
            connection.Dispose();
    }

    private void Receive(PipeConnection publisher)
    {
        publisher.ReadReplies(messagesPerBatch);
        foreach (PipeConnection subscriber in subscribers)
            subscriber.Skip(bytesPerBatch);
    }
}
