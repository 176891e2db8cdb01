Console.WriteLine("bixbite");
