using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.PubSub;
using Bixbite.Types;
using Xunit;

namespace Bixbite.Unit.Engine.PubSub;

/// <summary>The classes of events have the bits of the setting that lets them be published.</summary>
public sealed class EventClassTests
{
    private static readonly Dictionary<KeyEventClass, string> s_letters = new()
    {
        [KeyEventClass.Generic] = "g",
        [KeyEventClass.String] = "$",
        [KeyEventClass.List] = "l",
        [KeyEventClass.Set] = "s",
        [KeyEventClass.Hash] = "h",
        [KeyEventClass.SortedSet] = "z",
        [KeyEventClass.Expired] = "x",
        [KeyEventClass.Evicted] = "e",
        [KeyEventClass.Stream] = "t",
        [KeyEventClass.Module] = "d",
    };

    [Fact]
    public void EachClassIsItsLetters()
    {
        foreach (KeyEventClass eventClass in Enum.GetValues<KeyEventClass>().Where(each => each != KeyEventClass.None))
        {
            EventClassesSetting setting = new KeyspaceEventSettings(new Settings()).Classes;
            Assert.Null(setting.Set([s_letters[eventClass]]));
            Assert.Equal((EventClasses)eventClass, setting.Value);
        }
    }
}
