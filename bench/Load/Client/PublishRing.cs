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

    private readonly PipeConnection[] _publishers;
    private readonly PipeConnection[] _subscribers;
    private readonly byte[] _batch;
    private readonly int _messagesPerBatch;
    private readonly long _bytesPerBatch;

    public PublishRing(int port, int subscriberCount, int messagesPerBatch, int messageSize)
    {
        _messagesPerBatch = messagesPerBatch;
        string message = new('x', messageSize);
        _batch = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            $"*3\r\n$7\r\nPUBLISH\r\n${Channel.Length}\r\n{Channel}\r\n${messageSize}\r\n{message}\r\n", messagesPerBatch)));
        _bytesPerBatch = messagesPerBatch
            * (long)$"*3\r\n$7\r\nmessage\r\n${Channel.Length}\r\n{Channel}\r\n${messageSize}\r\n{message}\r\n".Length;
        _publishers = [.. Enumerable.Range(0, PublisherCount).Select(_ => new PipeConnection(port))];
        _subscribers = [.. Enumerable.Range(0, subscriberCount).Select(_ => new PipeConnection(port))];
        foreach (PipeConnection subscriber in _subscribers)
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
            {
                _publishers[i % PublisherCount].Send(_batch);
            }
            if (i > 0)
            {
                Receive(_publishers[(i - 1) % PublisherCount]);
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose()
    {
        foreach (PipeConnection connection in _publishers.Concat(_subscribers))
        {
            connection.Dispose();
        }
    }

    private void Receive(PipeConnection publisher)
    {
        publisher.ReadReplies(_messagesPerBatch);
        foreach (PipeConnection subscriber in _subscribers)
        {
            subscriber.Skip(_bytesPerBatch);
        }
    }
}
